import { expect, it } from 'vitest';
import { problems } from './problems.en.ts';

/** What can keep a message from being sent, scheduled or filed: the codes of the outbox. */
const codes = [
  ...['no_recipients', 'too_many_recipients', 'bad_address', 'no_identity', 'too_large', 'attachment_gone'],
  ...['attachment_too_large', 'upload_incomplete', 'draft_gone', 'version_conflict', 'too_late'],
  ...['bad_time', 'time_past', 'time_too_far', 'send_limit', 'too_often', 'nothing_to_do', 'not_a_draft'],
  ...['sign_in_refused', 'recipient_refused', 'message_refused', 'smtputf8_not_offered'],
  ...[
    'dsn_refused',
    'connection_lost_not_filed',
    'recipients_unconfirmed',
    'owner_decides',
    'subject_too_long',
    'text_too_long',
    'bulk_failed',
  ],
  ...['bulk_interrupted', 'key_used'],
  ...['requiretls_not_offered', 'dsn_not_offered', 'connection_lost_after_data', 'unreachable', 'timeout'],
  ...['host_not_found', 'tls_failed', 'bad_certificate', 'refused_address', 'append_refused'],
  ...[
    'last_identity',
    'too_many_identities',
    'mailbox_gone',
    'email_gone',
    'not_here_yet',
    'could_not_fetch',
  ],
] as const satisfies (keyof typeof problems)[];

it.each(codes)('%s has a sentence that says what to do or what becomes of it', (code) => {
  expect(problems[code]).toMatch(/^[“A-Z{].*[.!]$/s);
});
