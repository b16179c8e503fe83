import type { ServerSettings } from '#db/schema.ts';
import type { AddressPolicy } from '#platform/network/address-policy.ts';
import { dial } from '#platform/network/dialler.ts';
import { connectImap, type ImapLimits } from '../imap/connect.ts';
import { MailProblem } from '../problem.ts';
import { connectSmtp, type SmtpLimits } from '../smtp/connect.ts';
import type { Candidate } from './discover.ts';
import { firstChunk, isGreeting, type MailProtocol } from './discover-guesses.ts';

export interface TryParts {
  policy: AddressPolicy;
  limits: ImapLimits & SmtpLimits;
  signal: AbortSignal;
}

/** A server to try, with the user names that may be right. */
export interface Trial {
  server: Omit<ServerSettings, 'user'>;
  users: readonly string[];
}

/** More refusals than this, and a server may lock the person out. */
const mostSignIns = 2;

/** The whole address, which is right mostly, then its local part. */
export function likelyUsers(address: string): string[] {
  return [address, address.slice(0, address.lastIndexOf('@'))];
}

/** The trial of what somebody typed; no user name typed stands for the likely ones. */
export function trialOfTyped(settings: ServerSettings, address: string): Trial {
  const { user, ...server } = settings;
  return { server, users: user === '' ? likelyUsers(address) : [user] };
}

export function trialOfCandidate({ host, port, security, user }: Candidate, address: string): Trial {
  return {
    server: { host, port, security, pinnedFingerprint: null },
    users: user === null ? likelyUsers(address) : [user],
  };
}

/** A trial came to nothing; `tried` are the settings with which it did. */
export class TrialFailed extends Error {
  override name = 'TrialFailed';
  readonly problem: MailProblem;
  readonly tried: ServerSettings;
  constructor(problem: MailProblem, tried: ServerSettings) {
    super(problem.message, { cause: problem });
    this.problem = problem;
    this.tried = tried;
  }
}

async function signIn(
  protocol: MailProtocol,
  server: ServerSettings,
  password: string,
  parts: TryParts,
): Promise<void> {
  const target = { server, password, ...parts };
  if (protocol === 'smtp') {
    const session = await connectSmtp(target);
    session.quit();
    return;
  }
  const client = await connectImap(target);
  // The server has said yes; how it takes the farewell is no part of the trial.
  client.logout().catch(() => client.close());
}

function asProblem(error: unknown): MailProblem {
  return error instanceof MailProblem ? error : new MailProblem('unknown', null, error);
}

/**
 * Whether something listens at a port that does not greet as a mail server does: a web server, say. A connection that
 * failed in its handshake, or was never greeted, does not tell.
 */
async function isSomethingElse(
  protocol: MailProtocol,
  { host, port }: ServerSettings,
  { policy, signal }: TryParts,
): Promise<boolean> {
  try {
    const timeout = 1500;
    const socket = await dial({ host, port, policy, timeout, signal });
    try {
      const greeting = await firstChunk(socket, AbortSignal.any([signal, AbortSignal.timeout(timeout)]));
      return !isGreeting(protocol, greeting);
    } finally {
      socket.destroy();
    }
  } catch {
    // Nothing listens, or it may not be looked at: then the first failure says all there is to say.
    return false;
  }
}

async function tryServer(
  protocol: MailProtocol,
  { server, users }: Trial,
  password: string,
  parts: TryParts,
): Promise<ServerSettings> {
  const [first = '', ...others] = [...new Set(users)].slice(0, mostSignIns);
  let settings: ServerSettings = { ...server, user: first };
  let refusal: MailProblem | null = null;
  for (;;) {
    try {
      await signIn(protocol, settings, password, parts);
      return settings;
    } catch (error) {
      const problem = asProblem(error);
      const next = problem.code === 'wrong_password' ? others.shift() : undefined;
      if (next !== undefined && !/app|web ?login/i.test(problem.detail ?? '')) {
        refusal = problem;
        settings = { ...server, user: next };
        continue;
      }
      // The form shows the name that comes first, and what was said to it: servers let the next one wait.
      if (refusal !== null) throw new TrialFailed(refusal, { ...server, user: first });
      // TLS on the wrong port: a server that greets in the clear has the protocol and lacks the encryption there.
      const isUnclear = problem.code === 'tls_failed' || problem.code === 'timeout';
      if (isUnclear && (await isSomethingElse(protocol, settings, parts))) {
        throw new TrialFailed(
          new MailProblem(protocol === 'imap' ? 'no_imap' : 'no_smtp', null, problem),
          settings,
        );
      }
      throw new TrialFailed(problem, settings);
    }
  }
}

/** Failures after which another place may still be the right one; a refused password is not among them. */
const isElsewhere = new Set(['host_not_found', 'unreachable', 'timeout', 'no_imap', 'no_smtp', 'tls_failed']);

/**
 * Signs in for real at the first of these servers that answers as it should.
 * @throws TrialFailed with what the first of them that answered at all had to say
 */
export async function tryServers(
  protocol: MailProtocol,
  trials: readonly Trial[],
  password: string,
  parts: TryParts,
): Promise<ServerSettings> {
  let failure: TrialFailed | null = null;
  for (const trial of trials) {
    try {
      return await tryServer(protocol, trial, password, parts);
    } catch (error) {
      if (!(error instanceof TrialFailed)) throw error;
      if (!isElsewhere.has(error.problem.code)) throw error;
      failure ??= error;
      if (parts.signal.aborted) break;
    }
  }
  throw failure ?? new MailProblem('settings_not_found');
}
