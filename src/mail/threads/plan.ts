import type { Threaded } from './assign.ts';

/** A stored mail that an answer without references may belong to, by its subject. */
export interface ThreadCandidate {
  threadId: string;
  baseSubject: string;
  receivedAt: Date;
  /** Lower-case addresses. */
  people: readonly string[];
  /** Days before and after within which it counts. */
  window: number;
}

export interface ThreadPlan {
  threadOf: Map<string, string>;
  created: string[];
  /** Old thread → the one that takes its mails. */
  merged: Map<string, string>;
  /** Every Message-ID borne or referred to by these mails, and its thread. */
  messageIds: Map<string, string>;
}

/** A Message-ID longer than this is no use for threading, and too long for an index. */
const longestMessageId = 500;

/**
 * What a mail is found by among threads, and what it makes its thread known by: its own names, and those of the mails
 * that it answers. A conversation's identity at the source stands among the Message-IDs as a name that no Message-ID
 * can have; where there is one, it decides, and what the mail refers to counts for nothing. Pure.
 */
export function namesOf(mail: Pick<Threaded, 'messageId' | 'remoteThreadId' | 'inReplyTo' | 'references'>): {
  own: string[];
  others: string[];
} {
  const fits = (id: string | null): id is string => id !== null && id !== '' && id.length <= longestMessageId;
  if (mail.remoteThreadId !== null) {
    return { own: [`<thread ${mail.remoteThreadId}>`, mail.messageId].filter(fits), others: [] };
  }
  return { own: [mail.messageId].filter(fits), others: [...mail.inReplyTo, ...mail.references].filter(fits) };
}

const day = 24 * 60 * 60 * 1000;

/**
 * Decides the threads of new mails. Pure. The mails of one batch find each other as they find stored ones,
 * in whatever order they come.
 * @param known threads of Message-IDs that are stored
 * @param newId makes ids that sort by time, so that the older of two threads is the one with the lesser id
 */
export function planThreads(
  mails: readonly Threaded[],
  known: ReadonlyMap<string, string>,
  candidates: readonly ThreadCandidate[],
  newId: () => string,
): ThreadPlan {
  const plan: ThreadPlan = { threadOf: new Map(), created: [], merged: new Map(), messageIds: new Map() };
  const later: ThreadCandidate[] = [];

  function current(threadId: string): string {
    let id = threadId;
    for (let next = plan.merged.get(id); next !== undefined; next = plan.merged.get(id)) id = next;
    return id;
  }

  for (const mail of mails) {
    const { own, others: referred } = namesOf(mail);
    const ids = [...own, ...referred];
    const found = new Set<string>();
    for (const id of ids) {
      const threadId = plan.messageIds.get(id) ?? known.get(id);
      if (threadId !== undefined) found.add(current(threadId));
    }
    if (found.size === 0) {
      const match = subjectMatch(mail, [...later, ...candidates]);
      if (match !== null) found.add(current(match));
    }
    const [oldest, ...others] = [...found].sort();
    const threadId = oldest ?? newId();
    if (oldest === undefined) plan.created.push(threadId);
    for (const other of others) plan.merged.set(other, threadId);
    for (const id of ids) plan.messageIds.set(id, threadId);
    plan.threadOf.set(mail.emailId, threadId);
    later.push({
      threadId,
      baseSubject: mail.baseSubject,
      receivedAt: mail.receivedAt,
      people: mail.people.map((person) => person.address.toLowerCase()),
      window: 30,
    });
  }
  for (const [emailId, threadId] of plan.threadOf) plan.threadOf.set(emailId, current(threadId));
  for (const [id, threadId] of plan.messageIds) plan.messageIds.set(id, current(threadId));
  for (const [old, into] of plan.merged) plan.merged.set(old, current(into));
  return plan;
}

function subjectMatch(mail: Threaded, candidates: readonly ThreadCandidate[]): string | null {
  const namesParent = mail.inReplyTo.length > 0 || mail.references.length > 0;
  if (mail.remoteThreadId !== null || !mail.isReply || namesParent || mail.baseSubject === '') return null;
  const people = new Set(mail.people.map((person) => person.address.toLowerCase()));
  const near = candidates.filter(
    (candidate) =>
      candidate.baseSubject === mail.baseSubject &&
      Math.abs(candidate.receivedAt.getTime() - mail.receivedAt.getTime()) <= candidate.window * day &&
      candidate.people.filter((address) => people.has(address)).length >= 2,
  );
  near.sort((one, other) => other.receivedAt.getTime() - one.receivedAt.getTime());
  return near[0]?.threadId ?? null;
}
