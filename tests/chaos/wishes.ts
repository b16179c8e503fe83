import { sql } from 'drizzle-orm';
import type { EmailUndo } from '../../src/mail/views.ts';
import { tokenOf } from './mails.ts';
import type { World } from './world.ts';

interface Wish {
  /** Keywords, and whether the mail is to have them. */
  keywords: Map<string, boolean>;
  /** The id of the mailbox that it is to lie in. */
  mailboxId: string | null;
}

/** A mail as Mailroom has it, where there is one copy of it. */
interface Single {
  subject: string;
  keywords: string[];
  mailboxId: string;
}

/**
 * What a person last asked for, of mails that nobody else has touched since: that server and Mailroom agree says nothing
 * of an action that both have dropped.
 */
export class Wishes {
  readonly #wishes = new Map<number, Wish>();
  #refusals = 0;

  #of(token: number): Wish {
    const wish = this.#wishes.get(token) ?? { keywords: new Map(), mailboxId: null };
    this.#wishes.set(token, wish);
    return wish;
  }

  /** A person's action has changed these copies. */
  async acted(world: World, undo: EmailUndo): Promise<void> {
    const ids = [...undo.keywords, ...undo.moves].map(({ copyId }) => copyId);
    const copies = await copiesOf(world, ids);
    for (const { copyId, keyword, isSet } of undo.keywords) {
      const token = tokenOf(copies.get(copyId)?.subject ?? '');
      if (token !== null) this.#of(token).keywords.set(keyword, !isSet);
    }
    for (const { copyId } of undo.moves) {
      const copy = copies.get(copyId);
      const token = tokenOf(copy?.subject ?? '');
      if (token !== null) this.#of(token).mailboxId = copy?.mailboxId ?? null;
    }
  }

  /** It is open what becomes of these mails: others have a hand in it. */
  open(tokens: Iterable<number | null>): void {
    for (const token of tokens) if (token !== null) this.#wishes.delete(token);
  }

  /** It is open what becomes of any. */
  openAll(): void {
    this.#wishes.clear();
  }

  /** Wishes that have not come true, of mails of which there was never more than one. */
  async unfulfilled(world: World): Promise<string[]> {
    await this.#forgetRefused(world);
    const { rows } = await world.deps.db.execute<{ id: string }>(sql`
      select id from mailboxes where account_id = ${world.accountId}`);
    const mailboxes = new Set(rows.map(({ id }) => id));
    const singles = await singleMails(world);
    return [...this.#wishes].flatMap(([token, { keywords, mailboxId }]) => {
      const mail = singles.get(token);
      if (mail === undefined || !world.ledger.isSingle(token)) return [];
      const marks = [...keywords].flatMap(([keyword, isSet]) =>
        mail.keywords.includes(keyword) === isSet ? [] : [`chaos-${token}: ${keyword} was to be ${isSet}`],
      );
      const isElsewhere = mailboxId !== null && mailboxes.has(mailboxId) && mail.mailboxId !== mailboxId;
      return isElsewhere ? [...marks, `chaos-${token} is not where it was last moved to`] : marks;
    });
  }

  /** An action that could not be carried out, and of which that is said, is not lost: which one it was does not matter here. */
  async #forgetRefused({ deps, accountId }: World): Promise<void> {
    const { rows } = await deps.db.execute<{ refusals: number }>(sql`
      select count(*)::int as refusals from pending_operations where account_id = ${accountId} and is_settled`);
    const refusals = rows[0]?.refusals ?? 0;
    if (refusals !== this.#refusals) this.openAll();
    this.#refusals = refusals;
  }
}

async function copiesOf(
  { deps, accountId }: World,
  copyIds: readonly string[],
): Promise<Map<string, Single>> {
  const { rows } = await deps.db.execute<{ id: string } & { [Key in keyof Single]: Single[Key] }>(sql`
    select c.id, e.subject, c.keywords, c.mailbox_id as "mailboxId"
    from mailbox_emails c join emails e on e.account_id = c.account_id and e.id = c.email_id
    where c.account_id = ${accountId} and c.id = any(${sql.param([...copyIds])}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** By their tokens. */
async function singleMails({ deps, accountId }: World): Promise<Map<number, Single>> {
  const { rows } = await deps.db.execute<{ [Key in keyof Single]: Single[Key] }>(sql`
    select e.subject, c.keywords, c.mailbox_id as "mailboxId"
    from mailbox_emails c join emails e on e.account_id = c.account_id and e.id = c.email_id
    where c.account_id = ${accountId}`);
  const byToken = Map.groupBy(rows, ({ subject }) => tokenOf(subject));
  return new Map(
    [...byToken].flatMap(([token, copies]): [number, Single][] => {
      const [only] = copies;
      return token === null || only === undefined || copies.length > 1 ? [] : [[token, only]];
    }),
  );
}
