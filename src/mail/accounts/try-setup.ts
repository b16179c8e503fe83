import { and, eq, gt, isNotNull, or } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { accountSetups, type SetupProblem } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import { unseal } from '#platform/crypto/seal.ts';
import type { Log } from '#platform/log.ts';
import type { AddressPolicy } from '#platform/network/address-policy.ts';
import type { ImapLimits } from '../imap/connect.ts';
import { MailProblem } from '../problem.ts';
import type { SmtpLimits } from '../smtp/connect.ts';
import { createAccount, hasAccount, type NewAccount } from './create-account.ts';
import { type Discovery, type DiscoveryParts, discoverServers, discoveryParts } from './discover.ts';
import { providerOfAddress } from './providers.ts';
import { replaceServers } from './replace-servers.ts';
import { setupLifetime } from './setups.ts';
import { accountSecrets } from './status.ts';
import { setupProblem, type Tried } from './try-problem.ts';
import { likelyUsers, TrialFailed, trialOfCandidate, trialOfTyped, tryServers } from './try-servers.ts';

export interface TrySetupDeps {
  db: Database;
  ring: KeyRing;
  policy: AddressPolicy;
  limits: ImapLimits & SmtpLimits;
  log: Log;
  now(): Date;
  /** Where settings are looked for; the real network unless given. */
  discovery?: DiscoveryParts;
}

export type SetupOutcome =
  /** Another run has it, it was tried already, or it has expired. */
  | { status: 'not_waiting' }
  | { status: 'done'; ownerId: string; accountId: string }
  | { status: 'failed'; ownerId: string; code: string };

type Setup = typeof accountSetups.$inferSelect;

/** A person waits: milliseconds for finding and trying both servers. */
const longest = 25_000;

/** A claim that is older than this, in milliseconds, is of a process that died: its password is to go. */
const longestClaim = 60_000;

/**
 * Tries what somebody typed to connect an account, or to give one other servers or another password, for real, and
 * stores it when both servers took the password. Otherwise nothing is stored but the reason. Either way the typed password is gone from the setup's row.
 * Safe to run twice: the second run finds nothing that waits.
 */
export async function trySetup(deps: TrySetupDeps, setupId: string): Promise<SetupOutcome> {
  const setup = await claim(deps, setupId);
  if (setup === null) return { status: 'not_waiting' };
  const tried: Tried = { imap: setup.imap, smtp: setup.smtp };
  let at: 'imap' | 'smtp' | null = null;
  try {
    const { ownerId, address, replacesAccountId } = setup;
    if (replacesAccountId === null && (await hasAccount(deps.db, ownerId, address)))
      throw new MailProblem('already_added', address);
    const password = await passwordOf(deps, setup);
    const signal = AbortSignal.timeout(longest);
    const parts = { policy: deps.policy, limits: deps.limits, signal };
    if (setup.imap === null || setup.smtp === null) await noteStep(deps, setup, 'looking_up');
    const trials = await trialsOf(deps, setup, signal);
    at = 'imap';
    await noteStep(deps, setup, at);
    tried.imap = await tryServers('imap', trials.imap, password, parts);
    at = 'smtp';
    await noteStep(deps, setup, at);
    const imapUser = tried.imap.user;
    tried.smtp = await tryServers('smtp', trials.smtp(imapUser), password, parts);
    at = null;
    return await finish(deps, setup, { password, imap: tried.imap, smtp: tried.smtp });
  } catch (error) {
    if (error instanceof TrialFailed && at !== null) tried[at] = error.tried;
    const problem = problemOf(error);
    if (problem.code === 'unknown') deps.log.error({ err: error, setupId }, 'a setup failed unexpectedly');
    return await fail(deps, setup, setupProblem(problem, at, tried, deps.now()));
  }
}

function problemOf(error: unknown): MailProblem {
  if (error instanceof TrialFailed) return error.problem;
  return error instanceof MailProblem ? error : new MailProblem('unknown', null, error);
}

async function claim({ db, now }: TrySetupDeps, id: string): Promise<Setup | null> {
  const at = now();
  const [row] = await db
    .update(accountSetups)
    .set({ status: 'trying', expiresAt: new Date(at.getTime() + longestClaim) })
    .where(
      and(
        eq(accountSetups.id, id),
        eq(accountSetups.status, 'waiting'),
        gt(accountSetups.expiresAt, at),
        or(isNotNull(accountSetups.sealed), isNotNull(accountSetups.replacesAccountId)),
      ),
    )
    .returning();
  return row ?? null;
}

/** Lets the person who waits see how far their trial is. */
async function noteStep({ db }: TrySetupDeps, setup: Setup, step: NonNullable<Setup['step']>): Promise<void> {
  await db
    .update(accountSetups)
    .set({ step })
    .where(and(eq(accountSetups.id, setup.id), eq(accountSetups.status, 'trying')));
}

/** The password that was typed, else the one that the account has. */
async function passwordOf({ db, ring }: TrySetupDeps, setup: Setup): Promise<string> {
  const { id, ownerId, sealed, replacesAccountId } = setup;
  if (sealed !== null) return unseal(ring, sealed, { table: 'account_setups', id, owner: ownerId });
  if (replacesAccountId === null) throw new MailProblem('unknown', 'The setup has no password.');
  return (await accountSecrets(db, ring, replacesAccountId)).password;
}

/** What is to be tried: what was typed, else what is found from the address. */
async function trialsOf(deps: TrySetupDeps, setup: Setup, signal: AbortSignal) {
  const { address, imap, smtp } = setup;
  const found = imap === null || smtp === null ? await discover(deps, setup, signal) : null;
  const imapTrials =
    imap === null
      ? (found?.imap ?? []).map((each) => trialOfCandidate(each, address))
      : [trialOfTyped(imap, address)];
  const smtpTrials =
    smtp === null
      ? (found?.smtp ?? []).map((each) => trialOfCandidate(each, address))
      : [trialOfTyped(smtp, address)];
  return {
    imap: imapTrials,
    /** Where nobody says which user name, the one that IMAP took comes first. */
    smtp(imapUser: string) {
      const likely = likelyUsers(address);
      return smtpTrials.map((trial) =>
        trial.users.length === likely.length ? { ...trial, users: [imapUser, ...likely] } : trial,
      );
    },
  };
}

async function discover(deps: TrySetupDeps, setup: Setup, signal: AbortSignal): Promise<Discovery> {
  if (setup.imap === null && providerOfAddress(setup.address)?.notice === 'microsoft_sign_in') {
    throw new MailProblem('microsoft_sign_in');
  }
  const found = await discoverServers(deps.discovery ?? discoveryParts(deps.policy), setup.address, signal);
  if (setup.imap === null && found.provider?.notice === 'microsoft_sign_in') {
    throw new MailProblem('microsoft_sign_in');
  }
  const isMissing =
    (setup.imap === null && found.imap.length === 0) || (setup.smtp === null && found.smtp.length === 0);
  if (isMissing && found.isRefused) throw new MailProblem('refused_address', 'ALLOW_PRIVATE_ADDRESSES');
  if (isMissing) throw new MailProblem('settings_not_found');
  return found;
}

/** The typed password is gone, and the outcome stays a while for the form to read. */
function ended(now: Date) {
  return { sealed: null, expiresAt: new Date(now.getTime() + setupLifetime) };
}

/** The setup was taken away meanwhile (it has expired, or its owner is gone): the account is not made. */
class SetupGone extends Error {}

/** Makes the account, or gives the one that the setup names what was tried. @returns its id */
async function store(tx: Transaction, ring: KeyRing, setup: Setup, took: Took): Promise<string> {
  const { ownerId, address, name, replacesAccountId, sealed } = setup;
  if (replacesAccountId === null) return createAccount(tx, ring, { ownerId, address, name, ...took });
  const password = sealed === null ? null : took.password;
  await replaceServers(tx, ring, { ...took, accountId: replacesAccountId, password });
  return replacesAccountId;
}

/** What both servers took. */
type Took = Pick<NewAccount, 'password' | 'imap' | 'smtp'>;

async function finish(deps: TrySetupDeps, setup: Setup, took: Took): Promise<SetupOutcome> {
  const { ownerId } = setup;
  try {
    const accountId = await inTransaction(deps.db, async (tx) => {
      const made = await store(tx, deps.ring, setup, took);
      const closed = await tx
        .update(accountSetups)
        .set({ status: 'done', ...ended(deps.now()), problem: null, accountId: made })
        .where(and(eq(accountSetups.id, setup.id), eq(accountSetups.status, 'trying')))
        .returning({ id: accountSetups.id });
      if (closed.length === 0) throw new SetupGone();
      return made;
    });
    return { status: 'done', ownerId, accountId };
  } catch (error) {
    if (error instanceof SetupGone) return { status: 'not_waiting' };
    throw error;
  }
}

async function fail(deps: TrySetupDeps, setup: Setup, problem: SetupProblem): Promise<SetupOutcome> {
  await deps.db
    .update(accountSetups)
    .set({ status: 'failed', ...ended(deps.now()), problem })
    .where(and(eq(accountSetups.id, setup.id), eq(accountSetups.status, 'trying')));
  deps.log.info({ setupId: setup.id, code: problem.code, server: problem.server }, 'a setup failed');
  return { status: 'failed', ownerId: setup.ownerId, code: problem.code };
}
