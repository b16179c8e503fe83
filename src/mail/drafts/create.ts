import { v7 as newId } from 'uuid';
import type { Database, Transaction } from '#db/client.ts';
import { type DraftRelation, drafts } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { type EmailRow, findBody, findEmail } from '../emails/reading.ts';
import { type IdentityRow, identitiesOf } from '../identities/reading.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import type { BodyView, DraftView } from '../views.ts';
import { referEmail } from './attachments.ts';
import { type Prefilled, prefill } from './prefill.ts';
import { draftView } from './reading.ts';

/** What a draft can be begun from. `edit`: the mail's own content, to be sent anew. */
export type Beginning = 'reply' | 'replyAll' | 'forward' | 'forwardAsAttachment' | 'edit';

const relations = {
  reply: 'reply',
  replyAll: 'reply',
  forward: 'forward',
  forwardAsAttachment: 'forward',
  edit: 'edit',
} as const satisfies Record<Beginning, DraftRelation>;

/** What of the mail's files goes onto the draft, by reference. */
const referred = {
  reply: 'inline_files',
  replyAll: 'inline_files',
  forward: 'every_file',
  forwardAsAttachment: 'whole_email',
  edit: 'every_file',
} as const satisfies Record<Beginning, Parameters<typeof referEmail>[4]>;

const empty: Prefilled = { to: [], cc: [], bcc: [], subject: '', text: '', html: null };

/**
 * Begins a draft: a new message, an answer with recipients, subject and quoted text, or a mail's content once more.
 * It is from the address that the mail came to, where that is one of the account's identities.
 * @throws MailProblem `email_gone`, `no_identity`
 */
export async function createDraft(
  db: Database,
  accountId: string,
  related: { emailId: string; beginning: Beginning } | null,
): Promise<DraftView> {
  const id = newId();
  await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const { first, rows } = await identitiesOf(tx, accountId);
    const { content, identity } =
      related === null ? { content: empty, identity: first } : await begin(tx, accountId, related, rows);
    await tx.insert(drafts).values({
      accountId,
      id,
      identityId: (identity ?? first).id,
      ...content,
      relatedEmailId: related?.emailId ?? null,
      relation: related === null ? null : relations[related.beginning],
      state,
    });
    if (related !== null) await referEmail(tx, accountId, id, related.emailId, referred[related.beginning]);
  });
  const view = await draftView(db, accountId, id);
  if (view === null) throw new Error('A draft that was just made is not there.');
  return view;
}

async function begin(
  tx: Transaction,
  accountId: string,
  { emailId, beginning }: { emailId: string; beginning: Beginning },
  known: readonly IdentityRow[],
): Promise<{ content: Prefilled; identity: IdentityRow | undefined }> {
  const email = await findEmail(tx, accountId, emailId);
  if (email === null) throw new MailProblem('email_gone');
  const body = await findBody(tx, accountId, emailId);
  const of = (addresses: readonly string[]) =>
    known.find(({ email: own }) => addresses.includes(own.toLowerCase())) ??
    known.find(({ email: own }) => addresses.map(withoutTag).includes(own.toLowerCase()));
  const lower = (people: EmailRow['to']) => people.map(({ address }) => address.toLowerCase());
  if (beginning === 'edit') return { content: again(email, body), identity: of(lower(email.from)) };
  const own = known.map(({ email: address }) => address.toLowerCase());
  const original = {
    from: email.from,
    replyTo: email.replyTo,
    to: email.to,
    cc: email.cc,
    subject: email.subject,
    sentAt: email.sentAt ?? email.receivedAt,
    text: body?.text ?? '',
  };
  const isFromOwn = of(lower(email.from));
  return {
    content: prefill(beginning, original, own),
    identity: isFromOwn ?? of(lower([...email.to, ...email.cc, ...email.bcc])),
  };
}

/** `ada+lunch@example.org` is the mailbox of `ada@example.org` at most providers (RFC 5233). */
function withoutTag(address: string): string {
  return address.replace(/^([^+@]+)\+[^@]*@/, '$1@');
}

function again(email: EmailRow, body: BodyView | null): Prefilled {
  const { to, cc, bcc, subject } = email;
  return { to, cc, bcc, subject, text: body?.text ?? '', html: body?.html ?? null };
}
