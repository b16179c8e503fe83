import { createHash } from 'node:crypto';
import { parseEmail } from '../../src/mail/content/parse.ts';
import type { ParsedEmail } from '../../src/mail/content/parsed-email.ts';
import { keywordsOf } from '../../src/mail/sync/imap/keywords.ts';
import {
  type AccountView,
  type MailFacts,
  mailboxKey,
  mailboxLine,
  mailKey,
  mailLine,
} from './account-view.ts';
import { tokenOf } from './mails.ts';
import { isRefusal, type OtherClient } from './other-client.ts';

/** Sources parsed before, by their hash: most mails stand still from one settling to the next. */
const parsedBefore = new Map<string, ParsedEmail>();

async function parsed(source: Buffer): Promise<ParsedEmail> {
  const hash = createHash('sha256').update(source).digest('hex');
  const known = parsedBefore.get(hash) ?? (await parseEmail(source));
  parsedBefore.set(hash, known);
  return known;
}

/** A name that the server lists and will not open: Dovecot does so with a subscribed one that was deleted under its children. */
function orName(error: unknown): null {
  if (isRefusal(error)) return null;
  throw error;
}

/** The account as the server has it, and how often it has the mail of each token. */
export async function serverView(
  judge: OtherClient,
): Promise<{ view: AccountView; counts: Map<number, number> }> {
  const client = await judge.connected();
  const view: AccountView = new Map();
  const counts = new Map<number, number>();
  for (const { path, flags } of await client.list()) {
    if (flags.has('\\Noselect') || flags.has('\\NonExistent')) {
      view.set(mailboxKey(path), mailboxLine({ isSelectable: false, uidValidity: null }));
      continue;
    }
    const opened = await client.mailboxOpen(path, { readOnly: true }).catch(orName);
    if (opened === null) {
      view.set(mailboxKey(path), mailboxLine({ isSelectable: false, uidValidity: null }));
      continue;
    }
    const uidValidity = Number(opened.uidValidity);
    view.set(mailboxKey(path), mailboxLine({ isSelectable: true, uidValidity }));
    if (opened.exists === 0) continue;
    const query = { uid: true, flags: true, internalDate: true, size: true, source: true };
    for await (const message of client.fetch('1:*', query)) {
      const content = await parsed(message.source ?? Buffer.alloc(0));
      const facts: MailFacts = {
        keywords: keywordsOf(message.flags ?? []),
        receivedAt: new Date(message.internalDate ?? 0),
        size: message.size ?? 0,
        messageId: content.messageId,
        subject: content.subject,
        text: content.text,
        html: content.html,
        attachments: content.attachments.map(({ filename, mediaType }) => `${filename} ${mediaType}`),
        bodyStatus: 'stored',
      };
      view.set(mailKey(path, uidValidity, message.uid), mailLine(facts));
      const token = tokenOf(content.subject);
      if (token !== null) counts.set(token, (counts.get(token) ?? 0) + 1);
    }
  }
  await client.mailboxClose();
  return { view, counts };
}
