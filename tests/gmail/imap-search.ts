import type { Entry, GmailAccount } from './gmail-account.ts';
import { labelOf } from './gmail-mailboxes.ts';
import { itemsOf, type Token, textOf, upperOf } from './imap-reader.ts';
import { isInSet } from './imap-writer.ts';
import { headerOf } from './mime-part.ts';

/** A message among those that a search looks at. */
export interface Candidate {
  entry: Entry;
  sequence: number;
  highestUid: number;
  highestSequence: number;
  account: GmailAccount;
}

type Test = (candidate: Candidate) => boolean;

const flagKeys: Record<string, [flag: string, isSet: boolean]> = {
  SEEN: ['\\Seen', true],
  UNSEEN: ['\\Seen', false],
  FLAGGED: ['\\Flagged', true],
  UNFLAGGED: ['\\Flagged', false],
  ANSWERED: ['\\Answered', true],
  UNANSWERED: ['\\Answered', false],
  DRAFT: ['\\Draft', true],
  UNDRAFT: ['\\Draft', false],
  DELETED: ['\\Deleted', true],
  UNDELETED: ['\\Deleted', false],
};

function contains(text: string | null, part: string): boolean {
  return text?.toLowerCase().includes(part.toLowerCase()) === true;
}

/** Search keys with one argument. */
const keysOfOne: Record<string, (argument: string) => Test> = {
  UID: (set) => (one) => isInSet(set, one.entry.uid, one.highestUid),
  MODSEQ: (least) => (one) => one.entry.message.modseq >= Number(least),
  LARGER: (size) => (one) => one.entry.message.raw.length > Number(size),
  SMALLER: (size) => (one) => one.entry.message.raw.length < Number(size),
  SINCE: (day) => (one) => one.entry.message.receivedAt.getTime() >= Date.parse(`${day} UTC`),
  BEFORE: (day) => (one) => one.entry.message.receivedAt.getTime() < Date.parse(`${day} UTC`),
  KEYWORD: (flag) => (one) => one.entry.message.flags.has(flag),
  UNKEYWORD: (flag) => (one) => !one.entry.message.flags.has(flag),
  SUBJECT: (words) => (one) => contains(headerOf(one.entry.message.raw, 'subject'), words),
  FROM: (words) => (one) => contains(headerOf(one.entry.message.raw, 'from'), words),
  TO: (words) => (one) => contains(headerOf(one.entry.message.raw, 'to'), words),
  TEXT: (words) => (one) => contains(one.entry.message.raw.toString('utf8'), words),
  'X-GM-MSGID': (id) => (one) => one.entry.message.id === id,
  'X-GM-THRID': (id) => (one) => one.entry.message.threadId === id,
  'X-GM-LABELS': (label) => (one) =>
    one.account.placesOf(one.entry.message).some((path) => labelOf(path) === label),
};

/** A search as one test. @throws SyntaxError for a key that is not known */
export function searchTest(keys: readonly Token[]): Test {
  const left = [...keys];
  const tests: Test[] = [];
  while (left.length > 0) tests.push(nextTest(left));
  return (candidate) => tests.every((test) => test(candidate));
}

function nextTest(left: Token[]): Test {
  const token = left.shift();
  if (token?.type === 'list') return searchTest(itemsOf(token));
  const key = upperOf(token);
  if (key === 'ALL') return () => true;
  if (key === 'NOT') {
    const test = nextTest(left);
    return (candidate) => !test(candidate);
  }
  if (key === 'OR') {
    const [one, other] = [nextTest(left), nextTest(left)];
    return (candidate) => one(candidate) || other(candidate);
  }
  if (key === 'HEADER') {
    const [name, words] = [textOf(left.shift()).toLowerCase(), textOf(left.shift())];
    return ({ entry }) => contains(headerOf(entry.message.raw, name), words);
  }
  const flag = flagKeys[key];
  if (flag !== undefined) return ({ entry }) => entry.message.flags.has(flag[0]) === flag[1];
  const ofOne = keysOfOne[key];
  if (ofOne !== undefined) return ofOne(textOf(left.shift()));
  if (/^[\d*][\d:,*]*$/.test(key))
    return ({ sequence, highestSequence }) => isInSet(key, sequence, highestSequence);
  throw new SyntaxError(`Unknown search key ${key}`);
}
