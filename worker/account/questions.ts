import { imapProblem } from '#mail/imap/errors.ts';
import type { AccountAnswer, AccountQuestion } from '#mail/notify.ts';
import { fetchAttachment, fetchBody, fetchWholeSource } from '#mail/sync/imap/fetch-content.ts';
import type { SyncParts } from '#mail/sync/imap/sync-parts.ts';
import type { Blobs } from '#platform/blobs.ts';
import type { Log } from '#platform/log.ts';
import type { AccountConnections } from './connections.ts';
import type { KnownMailboxes } from './known-mailboxes.ts';
import { lookProblem } from './look-problem.ts';

export interface QuestionsOptions {
  parts: SyncParts;
  blobs: Blobs;
  connections: AccountConnections;
  mailboxes: KnownMailboxes;
  log: Log;
  /** Looks at all mailboxes. @throws MailProblem why it could not */
  refresh(): Promise<void>;
}

/** Answers what people wait for, on a connection that they wait for nobody else on. Every failure is an answer. */
export class Questions {
  readonly #options: QuestionsOptions;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  async answer(question: AccountQuestion): Promise<AccountAnswer> {
    const { parts, log } = this.#options;
    try {
      if (question.kind === 'source') return { ok: true, hash: await this.#source(question.emailId) };
      await this.#carryOut(question);
      return { ok: true };
    } catch (error) {
      const problem = imapProblem(error);
      log.warn(
        { err: problem, accountId: parts.accountId, kind: question.kind },
        'what a person waits for failed',
      );
      return { ok: false, code: problem.code, detail: problem.detail };
    }
  }

  #source(emailId: string): Promise<string> {
    const { parts, blobs, connections } = this.#options;
    return connections.retryingUse('click', (client) =>
      fetchWholeSource({ ...parts, blobs }, client, emailId),
    );
  }

  async #carryOut(question: Exclude<AccountQuestion, { kind: 'source' }>): Promise<void> {
    const { parts, blobs, connections, refresh } = this.#options;
    const content = { ...parts, blobs };
    switch (question.kind) {
      case 'body':
        return connections.retryingUse('click', async (client) =>
          parts.onState(await fetchBody(content, client, question.emailId)),
        );
      case 'attachment':
        return connections.retryingUse('click', (client) =>
          fetchAttachment(content, client, question.emailId, question.position),
        );
      case 'refresh':
        return refresh();
      case 'repair':
        return this.#repair(question.mailboxId);
      // Nobody waits for these: they are poked.
      case 'operations':
      case 'sync':
      case 'backfill':
      case 'watch':
      case 'stop':
    }
  }

  /** One mailbox, or all, each whatever became of the others. @throws what the last one that failed threw */
  async #repair(mailboxId: string | null): Promise<void> {
    const { connections, mailboxes, log, parts } = this.#options;
    await connections.use('sync', (client) => mailboxes.list(client));
    const chosen = mailboxes.rows.filter(
      ({ id, isSelectable }) => isSelectable && (mailboxId === null || id === mailboxId),
    );
    let failure: { error: unknown } | null = null;
    for (const { id } of chosen) {
      try {
        await connections.use('sync', (client) => mailboxes.repair(client, id));
      } catch (error) {
        failure = { error };
        const { code, detail } = lookProblem(error);
        log.warn(
          { accountId: parts.accountId, mailboxId: id, problem: code, detail },
          'a mailbox was not repaired',
        );
      }
    }
    if (failure !== null) throw failure.error;
  }
}
