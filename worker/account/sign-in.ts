import { setTimeout as wait } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';
import { accountSecrets } from '#mail/accounts/status.ts';
import { connectImap } from '#mail/imap/connect.ts';
import { imapProblem } from '#mail/imap/errors.ts';
import type { MailProblem } from '#mail/problem.ts';
import { KeyedLock } from '#platform/keyed-lock.ts';
import type { WorkerDeps } from '../deps.ts';

/** A refusal after a success is asked for again once, so many milliseconds later, before it is believed. */
const secondThought = 5000;

/**
 * Opens an account's connections, one at a time. Providers lock people out who come again and again with a password
 * that is refused: once that is certain, this session asks no more. Providers also refuse good passwords when they are
 * disturbed: where the password was good before, it is tried a second time.
 */
export class SignIn {
  readonly #deps: Pick<WorkerDeps, 'config' | 'db' | 'policy' | 'ring'>;
  readonly #accountId: string;
  readonly #signal: AbortSignal;
  readonly #onRefused: (problem: MailProblem) => void;
  readonly #turns = new KeyedLock();
  #hasSucceeded = false;
  #tried: string | null = null;
  #refusal: MailProblem | null = null;

  /** @param onRefused told once that the server certainly does not take the password */
  constructor(
    deps: Pick<WorkerDeps, 'config' | 'db' | 'policy' | 'ring'>,
    accountId: string,
    signal: AbortSignal,
    onRefused: (problem: MailProblem) => void,
  ) {
    this.#deps = deps;
    this.#accountId = accountId;
    this.#signal = signal;
    this.#onRefused = onRefused;
  }

  /** @throws MailProblem as `connectImap`, and `account_gone` */
  open(): Promise<ImapFlow> {
    return this.#turns.run(['sign-in'], async () => {
      if (this.#refusal !== null) throw this.#refusal;
      try {
        return await this.#try();
      } catch (error) {
        if (imapProblem(error).code !== 'wrong_password' || !this.#hasSucceeded)
          throw await this.#judge(error);
      }
      await wait(secondThought, undefined, { signal: this.#signal });
      try {
        return await this.#try();
      } catch (error) {
        throw await this.#judge(error);
      }
    });
  }

  async #try(): Promise<ImapFlow> {
    const { db, ring, policy, config } = this.#deps;
    const { imap, password } = await accountSecrets(db, ring, this.#accountId);
    this.#tried = password;
    const client = await connectImap({
      server: imap,
      password,
      policy,
      limits: { connectTimeout: config.IMAP_CONNECT_TIMEOUT, commandTimeout: config.IMAP_COMMAND_TIMEOUT },
      signal: this.#signal,
    });
    this.#hasSucceeded = true;
    return client;
  }

  /** A refusal that comes to this is believed, unless the password has been replaced meanwhile. */
  async #judge(error: unknown): Promise<MailProblem> {
    const problem = imapProblem(error);
    if (problem.code !== 'wrong_password') return problem;
    const { db, ring } = this.#deps;
    const { password } = await accountSecrets(db, ring, this.#accountId);
    if (password === this.#tried) {
      this.#refusal = problem;
      this.#onRefused(problem);
    }
    return problem;
  }
}
