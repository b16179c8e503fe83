import { sql } from 'drizzle-orm';
import type { Random } from '../../../bench/random.ts';
import { chaosFlags, chaosMail, tokenOf } from '../mails.ts';
import type { OtherClient } from '../other-client.ts';
import type { World } from '../world.ts';
import { choose, chooseSome, type StepTable } from './step.ts';

/** Names to make mailboxes of: nested, not ASCII, and such as need quoting or differ by little. */
const names = [
  'Work',
  'work',
  'Été',
  'A&B "q"',
  '日本語',
  '😀 mail',
  'INBOX/Sub',
  'Deep/er/est',
  'Deep/er',
  'Work/2026',
  '日本語/受信',
  'percent % star',
] as const;

/** Mailboxes that the server makes by itself; nobody deletes or renames them here. */
const serversOwn = new Set(['INBOX', 'Drafts', 'Sent', 'Archive', 'Junk', 'Trash']);

/** Where another client finds something to do: in any mailbox, in the inbox most often. */
async function somewhere(client: OtherClient, random: Random): Promise<string> {
  const paths = await client.paths();
  return random.below(3) === 0 ? 'INBOX' : (choose(random, paths) ?? 'INBOX');
}

async function made(client: OtherClient, random: Random): Promise<string | undefined> {
  return choose(
    random,
    (await client.paths()).filter((path) => !serversOwn.has(path)),
  );
}

/** Mails that a pending operation is about to put into, or take out of, a mailbox: what becomes of them is open. */
async function tokensInMotion({ deps, accountId }: World): Promise<(number | null)[]> {
  const { rows } = await deps.db.execute<{ subject: string }>(sql`
    select distinct e.subject from pending_operations p
    cross join lateral jsonb_object_keys(
      case when jsonb_typeof(p.operation -> 'from') = 'object' then p.operation -> 'from' else '{}' end
    ) copy_id
    join mailbox_emails c on c.account_id = p.account_id and c.id::text = copy_id
    join emails e on e.account_id = c.account_id and e.id = c.email_id
    where p.account_id = ${accountId} and not p.is_settled`);
  return rows.map(({ subject }) => tokenOf(subject));
}

function clientOf({ clients }: World, random: Random): OtherClient {
  return random.pick(clients);
}

function list(uids: readonly { uid: number }[]): string {
  return uids.map(({ uid }) => uid).join(',');
}

/** What other IMAP clients do. */
export const clientSteps: StepTable = {
  append: {
    weight: 26,
    async step(world, random) {
      const client = clientOf(world, random);
      const path = await somewhere(client, random);
      const connection = await client.connected();
      const done: string[] = [];
      for (let left = random.pick([1, 1, 1, 3, 9]); left > 0; left -= 1) {
        const token = world.ledger.begin();
        const { about, raw, flags, internalDate } = chaosMail(random, token);
        const appended = await connection.append(path, raw, flags, internalDate);
        if (about !== 'empty' && appended !== false) world.ledger.appended(token);
        done.push(`${about} ${token}`);
      }
      return `append to ${path}: ${done.join(', ')}`;
    },
  },
  'the same mail again': {
    weight: 3,
    async step(world, random) {
      const client = clientOf(world, random);
      const { client: connection, mails } = await client.open(await somewhere(client, random));
      const mail = choose(random, mails);
      if (mail === undefined) return 'nothing to append again';
      const found = await connection.fetchOne(
        String(mail.uid),
        { source: true, internalDate: true },
        { uid: true },
      );
      if (found === false || found?.source === undefined) return 'it is gone already';
      const path = await somewhere(client, random);
      world.ledger.copied(mail.token);
      const at = found.internalDate === undefined ? new Date() : new Date(found.internalDate);
      await connection.append(path, found.source, [], at);
      return `append UID ${mail.uid} (chaos-${mail.token}) again, to ${path}`;
    },
  },
  flags: {
    weight: 22,
    async step(world, random) {
      const client = clientOf(world, random);
      const path = await somewhere(client, random);
      const { client: connection, mails } = await client.open(path);
      const some = chooseSome(random, mails);
      if (some.length === 0) return `no mail in ${path} to flag`;
      const flags = chooseSome(random, chaosFlags);
      const change = random.pick(['add', 'add', 'remove', 'set'] as const);
      world.wishes.open(some.map(({ token }) => token));
      const options = { uid: true };
      if (change === 'add') await connection.messageFlagsAdd(list(some), flags, options);
      if (change === 'remove') await connection.messageFlagsRemove(list(some), flags, options);
      if (change === 'set') await connection.messageFlagsSet(list(some), flags, options);
      return `${change} ${flags.join(' ')} in ${path}: ${list(some)}`;
    },
  },
  move: {
    weight: 10,
    async step(world, random) {
      const client = clientOf(world, random);
      const [from, to] = [await somewhere(client, random), await somewhere(client, random)];
      const { client: connection, mails } = await client.open(from);
      const some = chooseSome(random, mails);
      if (some.length === 0 || from === to) return `nothing to move from ${from} to ${to}`;
      for (const { token } of some) world.ledger.copied(token);
      world.wishes.open(some.map(({ token }) => token));
      await connection.messageMove(list(some), to, { uid: true });
      return `move from ${from} to ${to}: ${list(some)}`;
    },
  },
  copy: {
    weight: 5,
    async step(world, random) {
      const client = clientOf(world, random);
      const [from, to] = [await somewhere(client, random), await somewhere(client, random)];
      const { client: connection, mails } = await client.open(from);
      const some = chooseSome(random, mails);
      if (some.length === 0) return `nothing to copy from ${from}`;
      for (const { token } of some) world.ledger.copied(token);
      await connection.messageCopy(list(some), to, { uid: true });
      return `copy from ${from} to ${to}: ${list(some)}`;
    },
  },
  expunge: {
    weight: 8,
    async step(world, random) {
      const client = clientOf(world, random);
      const path = await somewhere(client, random);
      const { client: connection, mails } = await client.open(path);
      const some = chooseSome(random, mails);
      if (some.length === 0) return `no mail in ${path} to expunge`;
      world.ledger.ended(some.map(({ token }) => token));
      await connection.messageDelete(list(some), { uid: true });
      return `expunge in ${path}: ${list(some)}`;
    },
  },
  'mark as deleted': {
    weight: 2,
    async step(world, random) {
      const client = clientOf(world, random);
      const path = await somewhere(client, random);
      const { client: connection, mails } = await client.open(path);
      const some = chooseSome(random, mails);
      if (some.length === 0) return `no mail in ${path} to mark`;
      // Anybody's EXPUNGE takes them now.
      world.ledger.ended(some.map(({ token }) => token));
      await connection.messageFlagsAdd(list(some), ['\\Deleted'], { uid: true });
      return `mark as deleted in ${path}: ${list(some)}`;
    },
  },
  empty: {
    weight: 1,
    async step(world, random) {
      const client = clientOf(world, random);
      const path = choose(
        random,
        (await client.paths()).filter((each) => each !== 'INBOX'),
      );
      if (path === undefined) return 'no mailbox to empty';
      // Before and after: what Mailroom brings here while the mailbox is read is in motion at one of the two.
      world.ledger.ended(await tokensInMotion(world));
      const { client: connection, mails } = await client.open(path);
      if (mails.length === 0) return `${path} is empty`;
      world.ledger.ended(mails.map(({ token }) => token));
      world.ledger.ended(await tokensInMotion(world));
      await connection.messageDelete('1:*', {});
      return `empty ${path}`;
    },
  },
  'create a mailbox': {
    weight: 5,
    async step(world, random) {
      const path = random.pick(names);
      const connection = await clientOf(world, random).connected();
      const { created } = await connection.mailboxCreate(path);
      return `create ${path}${created ? '' : ', which is there'}`;
    },
  },
  'rename a mailbox': {
    weight: 3,
    async step(world, random) {
      const client = clientOf(world, random);
      const from = await made(client, random);
      const to = random.pick(names);
      if (from === undefined) return 'no mailbox to rename';
      try {
        await (await client.connected()).mailboxRename(from, to);
        return `rename ${from} to ${to}`;
      } catch (error) {
        return `rename ${from} to ${to}: refused, ${String(error)}`;
      }
    },
  },
  'delete a mailbox': {
    weight: 3,
    async step(world, random) {
      const client = clientOf(world, random);
      const path = await made(client, random);
      if (path === undefined) return 'no mailbox to delete';
      const { client: connection, mails } = await client.open(path);
      world.ledger.ended(mails.map(({ token }) => token));
      world.ledger.ended(await tokensInMotion(world));
      await connection.mailboxClose();
      await connection.mailboxDelete(path);
      world.deletedPaths.push(path);
      return `delete ${path}, with ${mails.length} mails`;
    },
  },
  'make a deleted mailbox again': {
    weight: 3,
    async step(world, random) {
      const path = choose(random, world.deletedPaths);
      if (path === undefined) return 'no mailbox was deleted yet';
      const connection = await clientOf(world, random).connected();
      const { created } = await connection.mailboxCreate(path);
      if (!created) return `${path} is there again already`;
      for (let left = random.below(4); left > 0; left -= 1) {
        const token = world.ledger.begin();
        const { about, raw, flags, internalDate } = chaosMail(random, token);
        const appended = await connection.append(path, raw, flags, internalDate);
        if (about !== 'empty' && appended !== false) world.ledger.appended(token);
      }
      return `make ${path} again`;
    },
  },
};
