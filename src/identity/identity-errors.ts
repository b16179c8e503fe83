/** What can go wrong, in the words that a person reads. The codes are part of the API. */
const messages = {
  email_invalid: 'This is not an e-mail address.',
  email_taken: 'Somebody with this address already signs in here.',
  name_invalid: 'Please give a name of at most 100 characters, without line breaks.',
  password_too_short:
    'A password needs at least 10 characters. Several words are easy to remember and hard to guess.',
  password_too_long: 'A password can have at most 256 characters.',
  password_guessable:
    'This password is easily guessed: it has leaked before, or is a pattern or made of your name. Several words that do not belong together are better.',
  password_wrong: 'The current password is not right.',
  invitation_not_valid: 'This link is not valid any more. Ask for a new one.',
  invitation_other_email: 'This link was made for another e-mail address.',
  user_not_found: 'There is no such person.',
  last_admin: 'Somebody has to look after this installation: the last admin cannot be disabled.',
} as const;

export type IdentityErrorCode = keyof typeof messages;

/** An expected refusal around users, passwords and invitations, with a code and a message for people. */
export class IdentityError extends Error {
  override name = 'IdentityError';
  readonly code: IdentityErrorCode;

  constructor(code: IdentityErrorCode, options?: ErrorOptions) {
    super(messages[code], options);
    this.code = code;
  }
}
