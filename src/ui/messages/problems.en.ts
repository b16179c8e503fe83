/** Each problem by its code: what happened, whose doing it is, what to do. `{detail}` is what the other side said. */
export const problems = {
  unknown:
    'Something went wrong in Mailroom that it did not expect. Try again; if it stays, tell your operator.',
  no_answer: 'Mailroom did not answer. Check your connection, then try again.',
  offline: 'This device is offline. Nothing is lost; try again once it is connected.',
  signed_out: 'You are signed out. Sign in again to go on.',
  admins_only: 'Only admins of this Mailroom may do this.',
  UNAUTHORIZED: 'You are signed out. Sign in again to go on.',
  FORBIDDEN: 'Your account may not do this. Ask an admin of this Mailroom.',
  not_found: 'This is not here any more. It may have been moved or deleted elsewhere.',
  NOT_FOUND: 'This is not here any more. It may have been moved or deleted elsewhere.',
  CONFLICT: 'It was changed somewhere else meanwhile. Load it again, then try once more.',
  BAD_REQUEST: 'Mailroom could not read what was sent to it. Check what you typed, then try again.',
  PAYLOAD_TOO_LARGE: 'This is larger than Mailroom accepts. Send a smaller file.',
  TOO_MANY_REQUESTS: 'Too many requests in a short time. Wait a minute, then try again.',
  INTERNAL_SERVER_ERROR: 'Mailroom failed at this. Try again; if it stays, tell your operator.',
  TIMEOUT: 'Mailroom took too long to answer. Try again in a moment.',

  wrong_password:
    'The mail server does not accept this user name and password. Check both; many providers want an app password for programs.',
  host_not_found: 'There is no server of this name. Check the spelling of the host.',
  unreachable:
    'The mail server cannot be reached. It may be down, or the port may be wrong. Try again later or check the settings.',
  no_imap: 'A server answers there, but it does not speak IMAP. Check host and port.',
  no_smtp: 'A server answers there, but it does not speak SMTP. Check host and port.',
  refused_address:
    'This address is in a private network, where Mailroom does not connect by itself. An operator can allow it with the setting {detail}.',
  bad_certificate: 'The server’s certificate cannot be trusted. Look at it below before you go on.',
  settings_not_found:
    'No mail server was found for this address. Enter your provider’s IMAP and SMTP servers under Server settings.',
  app_password_needed:
    'This provider wants an app password here, not your usual one. Make one in your account’s security settings, then enter it.',
  microsoft_sign_in:
    'Microsoft accepts no passwords from mail programs. Sign-in by Microsoft comes in a later version of Mailroom.',
  tls_failed:
    'No secure connection could be made with the server. Check the port and the kind of encryption.',
  timeout: 'The mail server took too long to answer. Try again in a few minutes.',
  throttled:
    'The mail server asks for a pause after many requests. Mailroom goes on by itself in a few minutes.',
  already_added: 'This account is connected already. Its password and servers are changed in Settings.',
  password_needed:
    'Type the password too: Mailroom sends the stored one to no other server, and by no weaker way.',
  no_answer_yet: 'The mail server has not answered yet. New mail appears by itself when it does.',
  account_paused: 'This account is paused. Resume it to fetch new mail.',
  too_often:
    'This was asked too often in a short time. Ask again from {detail} on; new mail comes by itself meanwhile.',
  account_gone: 'This account was removed from Mailroom.',
  mailbox_gone: 'This mailbox is not there any more. It may have been removed on the mail server.',
  mass_disappearance:
    'The mail server suddenly shows most of this mailbox as gone: {detail} mails that are here. Mailroom keeps them for half a minute and looks again before it believes it. “Repair” compares at once and takes the server’s word.',
  no_mailboxes:
    'The mail server lists no mailboxes for this account. Check the user name with your provider.',
  mailbox_not_selectable: 'The mailbox {detail} holds other mailboxes only, no mail. Choose one within it.',
  mailbox_kept:
    '{detail} was not deleted on the server: mail that you had moved out of it could not be moved. It comes back here.',
  operation_breaks:
    'The mail server broke the connection each time that this change was tried ({detail}). It was taken back here.',
  operation_refused: 'The mail server refused the change ({detail}). It was taken back here.',
  move_refused: 'The mail server refused to move mail to {detail}. It stays where it was.',
  copy_refused: 'The mail server refused to copy mail to {detail}. Check whether the mailbox is full.',
  mailbox_renumbered:
    'The mail server has set up {detail} anew, so it could not be told which mail was meant. What is still there comes back here: delete it again.',
  message_gone: 'It was deleted or moved elsewhere before the mail server was told.',
  mailbox_name_empty: 'A mailbox needs a name.',
  mailbox_name_long: 'This name is longer than mail servers take. Choose a shorter one.',
  mailbox_name_invalid: 'A mailbox’s name cannot have {detail} in it here. Choose another.',
  mailbox_exists: 'There is a mailbox {detail} already. Choose another name.',
  mailbox_within_itself: 'A mailbox cannot lie in itself. Choose another place.',
  mailbox_no_nesting: 'This mail server keeps no mailboxes within others. Put it at the top.',
  mailbox_is_fixed: 'The mailbox {detail} belongs to the mail server: it keeps its name, place and role.',
  mailbox_not_emptiable: 'Only Trash and Junk can be emptied.',
  append_refused: 'The mail server refused to store mail in {detail}. Check whether the mailbox is full.',
  bad_cursor: 'The list has changed too much to go on. Load the page again.',
  setup_expired: 'Setting up took longer than ten minutes and was dropped, with the password. Start again.',

  not_here_yet: 'This mail has not come from the mail server yet. Try again in a moment.',
  email_gone: 'This mail is not here any more. It may have been deleted elsewhere.',
  attachment_gone: 'The attachment {detail} is not here any more. Remove it and attach the file again.',
  draft_gone: 'This draft is not here any more. It was sent or discarded in another window.',
  could_not_fetch: 'The mail server did not hand this mail over. It stays there, unharmed; try again.',
  could_not_read: 'This mail is damaged and could not be read. It stays on the mail server as it came.',

  no_recipients: 'There is nobody to send it to. Add an address under To, Cc or Bcc.',
  bad_address: '“{detail}” is not a complete address. Correct it, then send again.',
  too_many_recipients: 'These are more recipients than can be sent to at once. Send it in several messages.',
  no_identity: 'This account has no address to send from. Choose another one under From.',
  too_large: 'This is larger than can be sent. Remove an attachment or choose a smaller one.',
  part_too_large:
    'This attachment is too large for the way in which its sender encoded it. Fetch it with a mail program on your computer.',
  attachment_too_large: 'It is larger than {detail}, the most that Mailroom attaches. Choose a smaller file.',
  upload_incomplete: 'Not all of it arrived. Check your connection, then attach it again.',
  version_conflict:
    'This draft was changed in another window. Load the newer one, or keep writing to save yours over it.',
  too_late: 'It has left already and cannot be taken back.',

  recipient_refused:
    'The mail server refused a recipient. Check the address, edit the message and send it again.',
  message_refused: 'The mail server refused this message. What it said may tell you what to change.',
  sign_in_refused:
    'The outgoing server does not accept this account’s password. Enter it again in the account’s settings.',
  connection_lost_after_data:
    'The connection broke right after the message was handed over. It may have arrived: then it shows up in Sent in a few minutes, and this settles by itself. If it does not, ask before you send it again.',
  connection_lost_not_filed:
    'The connection broke right after the message was handed over. It may have arrived, and nothing here can tell: ask whether it did. If so, choose “It arrived”; if not, send it again.',

  send_limit:
    'This account has sent as much as it may for now ({detail}). The message waits and goes out by itself.',
  smtputf8_not_offered:
    'The outgoing server cannot send to {detail}: it takes no addresses with letters beyond English ones.',
  requiretls_not_offered:
    'The outgoing server does not promise encryption on the whole way, so the message was not sent. Edit it and send it without that wish.',
  dsn_not_offered: 'It was sent. The outgoing server gives no delivery reports, so none will come.',
  dsn_refused:
    'It was sent. The outgoing server refused the wish for a delivery report ({detail}), so none will come.',
  recipients_unconfirmed:
    'It was sent, but not surely to {detail}: the connection broke while that was tried again. Ask there whether it came.',
  key_used: 'Mailroom took this for a message that was sent before, so it did not send it. Send it again.',
  owner_decides: 'It is not known whether this message arrived. Only its owner can decide to send it again.',
  subject_too_long: 'This subject is longer than mail servers take. Shorten it to 2,000 characters.',
  text_too_long:
    'This text is longer than can be saved or sent. Shorten it, or attach the long part as a file.',
  bulk_interrupted:
    'Mailroom’s worker ended each time that it came to this mail, and it has stopped. What was done stays and can be undone; tell your operator.',
  bulk_failed:
    'Mailroom failed at this several times and has stopped ({detail}). What was done stays and can be undone; if it stays so, tell your operator.',
  bad_time: 'There is no time zone {detail}. Choose the time again.',
  time_past: 'This time is over already. Choose a later one.',
  time_too_far: 'This is more than a year ahead. Choose an earlier time.',
  nothing_to_do: 'There is no mail here that this could be done with.',
  not_a_draft: 'This mail does not lie in Drafts any more.',
  last_identity: 'An account has to send as somebody: its last address cannot be removed.',
  too_many_identities: 'These are more addresses than an account can have. Remove one first.',

  password_wrong: 'The old password is not right. Type it again.',
  password_guessable:
    'This password is easily guessed: it has leaked before, or is a pattern or made of your name. Several words that do not belong together are better.',
  password_too_short:
    'A password needs at least 10 characters. A few words are easy to remember and hard to guess.',
  password_too_long: 'A password can have at most 256 characters. Choose a shorter one.',
  name_invalid: 'This name cannot be used. Give one of at most 100 characters.',
  email_invalid: 'This is not a complete email address. Check it.',
  email_taken: 'Somebody here has this address already. Sign in instead.',
  invitation_not_valid: 'This link was used already or has expired. Ask an admin for a new one.',
  invitation_other_email:
    'This link was made for another address. Use that one, or ask an admin for a new link.',
  last_admin: 'Somebody has to look after this Mailroom: its last admin cannot be removed.',
  user_not_found: 'This person is not here any more.',
} as const;
