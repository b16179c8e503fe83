import { sql } from 'drizzle-orm';
import type { Random } from '../../../bench/random.ts';
import { type ActionRequest, actOnEmails, undoAction } from '../../../src/mail/actions/act.ts';
import { createMailbox } from '../../../src/mail/mailboxes/create-mailbox.ts';
import { deleteMailbox } from '../../../src/mail/mailboxes/delete-mailbox.ts';
import { emptyMailbox } from '../../../src/mail/mailboxes/empty-mailbox.ts';
import { markMailboxRead } from '../../../src/mail/mailboxes/mark-read.ts';
import { renameMailbox } from '../../../src/mail/mailboxes/rename-mailbox.ts';
import { pokeAccount } from '../../../src/mail/notify.ts';
import { MailProblem } from '../../../src/mail/problem.ts';
import { tokenOf } from '../mails.ts';
import type { World } from '../world.ts';
import { choose, type Step, type StepTable } from './step.ts';

interface Shown {
  emailId: string;
  threadId: string;
  mailboxId: string;
  path: string;
  role: string | null;
  subject: string;
}

/** What Mailroom shows the person. */
async function shown({ deps, accountId }: World): Promise<Shown[]> {
  const { rows } = await deps.db.execute<{ [Key in keyof Shown]: Shown[Key] }>(sql`
    select c.email_id as "emailId", c.thread_id as "threadId", c.mailbox_id as "mailboxId",
      m.remote_id as path, m.role, e.subject
    from mailbox_emails c
    join emails e on e.account_id = c.account_id and e.id = c.email_id
    join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
    where c.account_id = ${accountId}
    order by m.remote_id, e.subject, c.uid, c.id`);
  return rows;
}

/** Whatever a click may meet by now is an ordinary answer. */
async function answered(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MailProblem) return `refused: ${error.code}`;
    throw error;
  }
}

async function tellWorker({ deps, accountId }: World, random: Random): Promise<void> {
  // A hint, and hints may be lost.
  if (random.below(6) > 0) await pokeAccount(deps.messages, accountId, { kind: 'operations' });
}

async function act(
  world: World,
  random: Random,
  row: Shown,
  action: ActionRequest['action'],
): Promise<string> {
  const isWholeThread = random.below(2) === 0;
  const isEverywhere = random.below(3) === 0;
  const request: ActionRequest = {
    accountId: world.accountId,
    mailboxId: isEverywhere ? null : row.mailboxId,
    threadIds: isWholeThread ? [row.threadId] : [],
    emailIds: isWholeThread ? [] : [row.emailId],
    action,
  };
  if (action.kind === 'copy') {
    const same = (await shown(world)).filter(
      ({ threadId, emailId }) => threadId === row.threadId || emailId === row.emailId,
    );
    for (const { subject } of same) world.ledger.copied(tokenOf(subject));
  }
  const { changed, undo } = await actOnEmails(world.deps.db, request);
  if (undo !== null) {
    world.undos.push(undo);
    await world.wishes.acted(world, undo);
  }
  await tellWorker(world, random);
  const whom = `${isWholeThread ? 'the conversation of ' : ''}${row.subject}`;
  return `${JSON.stringify(action)} on ${whom} in ${isEverywhere ? 'every mailbox' : row.path}: ${changed} copies`;
}

function keyword(name: '$seen' | '$flagged', isSet: boolean): Step {
  return (world, random) =>
    answered(async () => {
      const row = choose(random, await shown(world));
      return row === undefined
        ? 'nothing to mark'
        : act(world, random, row, { kind: 'keyword', keyword: name, isSet });
    });
}

function moveToRole(role: 'archive' | 'junk' | 'trash' | 'inbox'): Step {
  return (world, random) =>
    answered(async () => {
      // In Trash the same button destroys; that is a step of its own.
      const row = choose(
        random,
        (await shown(world)).filter((each) => each.role !== 'trash' || role !== 'trash'),
      );
      return row === undefined
        ? `nothing for ${role}`
        : act(world, random, row, { kind: 'moveToRole', role });
    });
}

async function mailboxesOf({
  deps,
  accountId,
}: World): Promise<{ id: string; path: string; role: string | null }[]> {
  const { rows } = await deps.db.execute<{ id: string; path: string; role: string | null }>(sql`
    select id, remote_id as path, role from mailboxes where account_id = ${accountId} order by remote_id`);
  return rows;
}

function bring(kind: 'move' | 'copy'): Step {
  return (world, random) =>
    answered(async () => {
      const row = choose(random, await shown(world));
      const target = choose(random, await mailboxesOf(world));
      if (row === undefined || target === undefined) return `nothing to ${kind}`;
      const said = await act(world, random, row, { kind, toMailboxId: target.id });
      return `${said} (to ${target.path})`;
    });
}

/** Something that is done with a mailbox of no role, chosen from what is shown. */
function withMailbox(
  work: (world: World, mailbox: { id: string; path: string }, random: Random) => Promise<string>,
): Step {
  return (world, random) =>
    answered(async () => {
      const mailbox = choose(
        random,
        (await mailboxesOf(world)).filter(({ role }) => role === null),
      );
      if (mailbox === undefined) return 'no mailbox to do something with';
      const said = await work(world, mailbox, random);
      await tellWorker(world, random);
      return said;
    });
}

/** What a person does in Mailroom. */
export const personSteps: StepTable = {
  read: { weight: 10, step: keyword('$seen', true) },
  unread: { weight: 5, step: keyword('$seen', false) },
  star: { weight: 5, step: keyword('$flagged', true) },
  unstar: { weight: 3, step: keyword('$flagged', false) },
  archive: { weight: 6, step: moveToRole('archive') },
  junk: { weight: 3, step: moveToRole('junk') },
  trash: { weight: 6, step: moveToRole('trash') },
  'back to the inbox': { weight: 3, step: moveToRole('inbox') },
  'move to a mailbox': { weight: 8, step: bring('move') },
  'copy to a mailbox': { weight: 3, step: bring('copy') },
  'mark a mailbox read': {
    weight: 2,
    step: withMailbox(async ({ deps, accountId, wishes }, { id, path }) => {
      const { changed } = await markMailboxRead(deps.db, accountId, id);
      wishes.openAll();
      return `mark ${path} read: ${changed} copies`;
    }),
  },
  'make a mailbox': {
    weight: 2,
    step: withMailbox(async ({ deps, accountId }, { id, path }, random) => {
      const name = random.pick(['Mine', 'Größe', 'Work', '日記']);
      const parentId = random.below(2) === 0 ? id : null;
      await createMailbox(deps.db, { accountId, name, parentId });
      return `make ${name} ${parentId === null ? 'at the top' : `in ${path}`}`;
    }),
  },
  'rename a mailbox': {
    weight: 2,
    step: withMailbox(async ({ deps, accountId }, { id, path }, random) => {
      const name = random.pick(['Renamed', 'Mine', 'Été']);
      await renameMailbox(deps.db, { accountId, mailboxId: id, name });
      return `rename ${path} to ${name}`;
    }),
  },
  'delete a mailbox': {
    weight: 1,
    step: withMailbox(async ({ deps, accountId, ledger, deletedPaths }, { id, path }) => {
      const { removed } = await deleteMailbox(deps.db, accountId, id);
      ledger.mailboxDeleted();
      deletedPaths.push(path);
      return `delete ${path}, with ${removed} copies`;
    }),
  },
  'empty Trash': {
    weight: 1,
    step: (world, random) =>
      answered(async () => {
        const trash = (await mailboxesOf(world)).find(({ role }) => role === 'trash');
        if (trash === undefined) return 'no Trash';
        const { removed } = await emptyMailbox(world.deps.db, world.accountId, trash.id);
        world.ledger.mailboxDeleted();
        await tellWorker(world, random);
        return `empty Trash: ${removed} copies`;
      }),
  },
  destroy: {
    weight: 4,
    step: (world, random) =>
      answered(async () => {
        const inTrash = (await shown(world)).filter(({ role }) => role === 'trash');
        const row = choose(random, inTrash);
        if (row === undefined) return 'nothing in Trash';
        const gone = inTrash.filter(({ threadId }) => threadId === row.threadId);
        world.ledger.ended(gone.map(({ subject }) => tokenOf(subject)));
        const { changed } = await actOnEmails(world.deps.db, {
          accountId: world.accountId,
          mailboxId: row.mailboxId,
          threadIds: [row.threadId],
          emailIds: [],
          action: { kind: 'moveToRole', role: 'trash' },
        });
        await tellWorker(world, random);
        return `destroy the conversation of ${row.subject} from Trash: ${changed} copies`;
      }),
  },
  undo: {
    weight: 6,
    step: (world, random) =>
      answered(async () => {
        const undo = random.below(3) === 0 ? choose(random, world.undos) : world.undos.at(-1);
        if (undo === undefined) return 'nothing to undo';
        world.undos = world.undos.filter((each) => each !== undo);
        // What was copied is destroyed; the first one may be gone by now.
        if (undo.copies.length > 0) world.ledger.mailboxDeleted();
        world.wishes.openAll();
        await undoAction(world.deps.db, undo);
        await tellWorker(world, random);
        return `undo ${undo.moves.length} moves, ${undo.copies.length} copies and ${undo.keywords.length} marks`;
      }),
  },
};
