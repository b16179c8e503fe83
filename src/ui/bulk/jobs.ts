import { queryOptions } from '@tanstack/react-query';
import type { AccountView, BulkJobView, EmailAction, MailboxView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { pushUndo, takeUndo, type Undoable } from '#ui/actions/undo-stack.ts';
import { api } from '#ui/api/client.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import { knowJob, workOf } from './known-jobs.ts';
import { isUnderWay } from './shown-jobs.ts';
import { touchedBy } from './whole-mailbox.ts';

/** How often a job that is under way is asked after, in milliseconds. */
const often = 1500;

async function allJobs(): Promise<BulkJobView[]> {
  const accounts = await queryClient.ensureQueryData(accountsQuery);
  const lists = await Promise.all(accounts.map(({ id: accountId }) => api.bulk.list.query({ accountId })));
  return lists.flat();
}

async function fresh(job: BulkJobView): Promise<BulkJobView> {
  if (!isUnderWay(job)) return job;
  const now = await api.bulk.get.query({ accountId: job.accountId, jobId: job.id });
  if (now.status === 'done' && now.direction === 'back')
    showToast({ id: 'undo', title: words.t('done.undone'), duration: 3000 });
  return now;
}

/** The jobs of the last day: all of them at first, then what becomes of those that are under way. */
export const bulkJobsQuery = queryOptions({
  queryKey: ['bulk'],
  queryFn: async ({ queryKey }): Promise<BulkJobView[]> => {
    const known = queryClient.getQueryData<BulkJobView[]>(queryKey);
    return known === undefined ? allJobs() : Promise.all(known.map(fresh));
  },
  refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? often : false),
});

function setJob(job: BulkJobView): void {
  // What is being asked for at this moment is older.
  void queryClient.cancelQueries({ queryKey: bulkJobsQuery.queryKey });
  queryClient.setQueryData(bulkJobsQuery.queryKey, (known) => [
    job,
    ...(known ?? []).filter(({ id }) => id !== job.id),
  ]);
}

function nameOf(action: EmailAction, accounts: readonly AccountView[]): string {
  if (action.kind !== 'move') return '';
  const mailboxes = accounts.flatMap((account) => account.mailboxes);
  return mailboxes.find(({ id }) => id === action.toMailboxId)?.name ?? '';
}

const undos = new Map<string, Undoable>();

/** Takes jobs back, those that are still under way too. */
async function takeBack(jobs: readonly BulkJobView[]): Promise<void> {
  try {
    for (const { accountId, id } of jobs) setJob(await api.bulk.undo.mutate({ accountId, jobId: id }));
  } catch (error) {
    sayProblem(words.t('done.undoFailed'), error);
  }
}

/** Does an action on everything in these mailboxes: a job for each, with one undo for all of them. */
export async function startBulk(mailboxes: readonly MailboxView[], action: EmailAction): Promise<void> {
  if (action.kind === 'copy') return;
  const touched = touchedBy(action, mailboxes);
  if (touched.length === 0) {
    showToast({ title: words.problem({ code: 'nothing_to_do', detail: null }), duration: 5000 });
    return;
  }
  const accounts = await queryClient.ensureQueryData(accountsQuery);
  const known = { work: workOf(action), mailbox: nameOf(action, accounts) };
  const begun: BulkJobView[] = [];
  try {
    for (const { accountId, id: mailboxId } of touched) {
      const source = { kind: 'mailbox' as const, mailboxId };
      const job = await api.bulk.start.mutate({ accountId, source, action });
      knowJob(job.id, known);
      setJob(job);
      begun.push(job);
    }
  } catch (error) {
    sayProblem(words.t('bulk.notStarted'), error);
  }
  if (begun.length === 0) return;
  const entry: Undoable = { toastId: null, run: () => takeBack(begun) };
  for (const { id } of begun) undos.set(id, entry);
  pushUndo(entry);
}

/** Stops a job where it is; what it has done stays. */
export async function stopJob({ accountId, id }: BulkJobView): Promise<void> {
  try {
    setJob(await api.bulk.stop.mutate({ accountId, jobId: id }));
  } catch (error) {
    sayProblem(words.t('bulk.notStopped'), error);
  }
}

/** Takes one job back; `z` has it no more then, unless it has others of the same action too. */
export async function undoJob(job: BulkJobView): Promise<void> {
  const entry = undos.get(job.id);
  const isAlone = [...undos.values()].filter((each) => each === entry).length === 1;
  if (entry !== undefined && isAlone) takeUndo(entry);
  await takeBack([job]);
}
