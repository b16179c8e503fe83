import type { Entry } from './gmail-account.ts';
import { Refused } from './gmail-account.ts';
import { labelOf, pathOf } from './gmail-mailboxes.ts';
import type { Asked, Command } from './imap-commands.ts';
import { fetchAnswer, labelsOf, marksSeen } from './imap-fetch.ts';
import { nameOf } from './imap-mailbox-commands.ts';
import { itemsOf, type Token, textOf, upperOf } from './imap-reader.ts';
import { searchTest } from './imap-search.ts';
import type { ImapSession } from './imap-session.ts';
import { imapList, isInSet, sequenceSet } from './imap-writer.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';

interface Named {
  entry: Entry;
  sequence: number;
}

function selectedOf({ selected }: ImapSession): SelectedMailbox {
  if (selected === null) throw new Refused('No mailbox is selected');
  return selected;
}

function writableOf(session: ImapSession): SelectedMailbox {
  const selected = selectedOf(session);
  if (selected.isReadOnly) throw new Refused('[READ-ONLY] The mailbox is opened to be read');
  return selected;
}

/** The messages that a set names, in order; those that are gone already are left out. */
function named(session: ImapSession, { tokens: [set], isUid }: Asked): Named[] {
  const { known, mailbox } = selectedOf(session);
  const highest = isUid ? (known.at(-1)?.uid ?? 0) : known.length;
  const present = new Set(mailbox.entries);
  return known
    .map((entry, at) => ({ entry, sequence: at + 1 }))
    .filter(
      ({ entry, sequence }) =>
        present.has(entry) && isInSet(textOf(set), isUid ? entry.uid : sequence, highest),
    );
}

function fetch(session: ImapSession, asked: Asked): string {
  const selected = selectedOf(session);
  const [, wanted, modifiers] = asked.tokens;
  const items = (wanted?.type === 'list' ? wanted.items : [wanted]).map(textOf);
  const since = argumentOf(itemsOf(modifiers), 'CHANGEDSINCE');
  if (since !== null) session.hasCondstore = true;
  if (asked.isUid && !items.some((item) => item.toUpperCase() === 'UID')) items.unshift('UID');
  if (since !== null && !items.some((item) => item.toUpperCase() === 'MODSEQ')) items.push('MODSEQ');
  const context = { account: session.account, path: selected.mailbox.path, encode: session.encode };
  for (const { entry, sequence } of named(session, asked)) {
    const { message } = entry;
    if (since !== null && message.modseq <= Number(since)) continue;
    if (items.some(marksSeen) && !selected.isReadOnly && !message.flags.has('\\Seen'))
      session.account.setFlags(message, new Set([...message.flags, '\\Seen']));
    const answer = fetchAnswer(context, entry, items);
    if (answer === null) throw new SyntaxError('Could not parse command');
    session.send(`* ${sequence} FETCH `, answer);
  }
  return 'OK Success';
}

function argumentOf(items: readonly Token[], name: string): string | null {
  const at = items.findIndex((item) => upperOf(item) === name);
  return at === -1 ? null : textOf(items[at + 1]);
}

function changed(old: ReadonlySet<string>, sign: string, given: readonly string[]): Set<string> {
  if (sign === '+') return new Set([...old, ...given]);
  if (sign === '-') return new Set([...old].filter((each) => !given.includes(each)));
  return new Set(given);
}

function store(session: ImapSession, asked: Asked): string {
  const selected = writableOf(session);
  const hasModifiers = asked.tokens[1]?.type === 'list';
  const since = hasModifiers ? argumentOf(itemsOf(asked.tokens[1]), 'UNCHANGEDSINCE') : null;
  const [item, ...values] = asked.tokens.slice(hasModifiers ? 2 : 1);
  const [, sign = '', what = '', silent] =
    /^([+-]?)(FLAGS|X-GM-LABELS)(\.SILENT)?$/.exec(upperOf(item)) ?? [];
  if (what === '') throw new SyntaxError('Could not parse command');
  const given = values.flatMap((token) => (token.type === 'list' ? token.items : [token]));
  if (since !== null) session.hasCondstore = true;
  const failed: number[] = [];
  for (const { entry, sequence } of named(session, asked)) {
    const { message } = entry;
    if (since !== null && message.modseq > Number(since)) {
      failed.push(asked.isUid ? entry.uid : sequence);
      continue;
    }
    if (what === 'FLAGS') storeFlags(session, selected, entry, sign, given.map(textOf));
    else
      storeLabels(
        session,
        entry,
        sign,
        given.map((token) => pathOf(nameOf(session, token))),
      );
    selected.wasTold(entry);
    const shown =
      what === 'FLAGS'
        ? imapList([...message.flags])
        : labelsOf({ account: session.account, path: selected.mailbox.path, encode: session.encode }, entry);
    const uid = asked.isUid ? `UID ${entry.uid} ` : '';
    const modseq = session.hasCondstore ? ` MODSEQ (${message.modseq})` : '';
    if (silent === undefined) session.send(`* ${sequence} FETCH (${uid}${what} `, shown, `${modseq})`);
    else if (session.hasCondstore) session.send(`* ${sequence} FETCH (${uid}MODSEQ (${message.modseq}))`);
  }
  return failed.length === 0 ? 'OK Success' : `OK [MODIFIED ${sequenceSet(failed)}] Conditional STORE failed`;
}

/** With Gmail's default ("Auto-Expunge on") a message leaves the mailbox as soon as it is marked \Deleted. */
function storeFlags(
  { account }: ImapSession,
  { mailbox }: SelectedMailbox,
  { message }: Entry,
  sign: string,
  flags: readonly string[],
): void {
  const next = changed(message.flags, sign, flags);
  const isDeleted = next.delete('\\Deleted');
  account.setFlags(message, next);
  if (isDeleted) account.unlabel(message, mailbox.path);
}

function storeLabels(
  { account }: ImapSession,
  { message }: Entry,
  sign: string,
  paths: readonly string[],
): void {
  const old = new Set(account.placesOf(message).filter((path) => labelOf(path) !== null));
  const next = changed(old, sign, paths);
  for (const path of next.difference(old)) {
    // A label that is named for the first time is made.
    if (account.mailbox(path) === undefined) account.create(path);
    account.label(message, path);
  }
  for (const path of old.difference(next)) account.unlabel(message, path);
}

function transfer(session: ImapSession, asked: Asked, kind: 'copy' | 'move'): string {
  const selected = kind === 'move' ? writableOf(session) : selectedOf(session);
  const target = session.account.mailbox(nameOf(session, asked.tokens[1]));
  if (target === undefined) throw new Refused('[TRYCREATE] No folder');
  const from: number[] = [];
  const to: number[] = [];
  for (const { entry } of named(session, asked)) {
    if (kind === 'copy') session.account.label(entry.message, target.path);
    else if (target !== selected.mailbox)
      session.account.move(entry.message, selected.mailbox.path, target.path);
    from.push(entry.uid);
    to.push(target.entries.find(({ message }) => message === entry.message)?.uid ?? 0);
  }
  if (from.length === 0) return 'OK Success';
  // Not ranges: what was there already has kept its UID, and the two sets stand in one order (RFC 4315 §3).
  const code = `[COPYUID ${target.uidValidity} ${from.join(',')} ${to.join(',')}]`;
  if (kind === 'copy') return `OK ${code} (Success)`;
  session.send(`* OK ${code} (Success)`);
  return 'OK Success';
}

function search(session: ImapSession, { tag, tokens, isUid }: Asked): string {
  const { known, mailbox } = selectedOf(session);
  const returned = upperOf(tokens[0]) === 'RETURN' ? itemsOf(tokens[1]).map(upperOf) : null;
  const keys = returned === null ? [...tokens] : tokens.slice(2);
  if (upperOf(keys[0]) === 'CHARSET') keys.splice(0, 2);
  const test = searchTest(keys);
  const present = new Set(mailbox.entries);
  const found = known
    .map((entry, at) => ({
      entry,
      sequence: at + 1,
      highestUid: known.at(-1)?.uid ?? 0,
      highestSequence: known.length,
      account: session.account,
    }))
    .filter((candidate) => present.has(candidate.entry) && test(candidate))
    .map(({ entry, sequence }) => (isUid ? entry.uid : sequence));
  if (returned === null) session.send(`* SEARCH${found.map((number) => ` ${number}`).join('')}`);
  else {
    const options = returned.length === 0 ? ['ALL'] : returned;
    const values: Record<string, string | undefined> = {
      COUNT: `COUNT ${found.length}`,
      ...(found.length === 0
        ? {}
        : { ALL: `ALL ${sequenceSet(found)}`, MIN: `MIN ${found[0]}`, MAX: `MAX ${found.at(-1)}` }),
    };
    const shown = options.flatMap((option) => values[option] ?? []);
    session.send([`* ESEARCH (TAG "${tag}")`, ...(isUid ? ['UID'] : []), ...shown].join(' '));
  }
  return 'OK SEARCH completed (Success)';
}

function append(session: ImapSession, { tokens }: Asked): string {
  const path = nameOf(session, tokens[0]);
  const mailbox = session.account.mailbox(path);
  if (mailbox === undefined) throw new Refused('[TRYCREATE] No folder');
  const raw = tokens.at(-1);
  if (raw?.type !== 'string') throw new SyntaxError('Could not parse command');
  const flags = itemsOf(tokens.slice(1, -1).find((token) => token.type === 'list')).map(textOf);
  const date = tokens.slice(1, -1).find((token) => token.type === 'string');
  const receivedAt = date === undefined ? new Date() : new Date(textOf(date));
  const message = session.account.receive(Buffer.from(raw.bytes), [mailbox.path], flags, receivedAt);
  const uid = mailbox.entries.find((entry) => entry.message === message)?.uid ?? 0;
  return `OK [APPENDUID ${mailbox.uidValidity} ${uid}] (Success)`;
}

export const messageCommands: Record<string, Command> = {
  FETCH: { needs: 'mailbox', run: fetch },
  STORE: { needs: 'mailbox', run: store },
  COPY: { needs: 'mailbox', run: (session, asked) => transfer(session, asked, 'copy') },
  MOVE: { needs: 'mailbox', run: (session, asked) => transfer(session, asked, 'move') },
  SEARCH: { needs: 'mailbox', run: search },
  // What is marked \Deleted has gone at once: nothing is left to expunge.
  EXPUNGE: {
    needs: 'mailbox',
    run(session) {
      writableOf(session);
      return 'OK Success';
    },
  },
  APPEND: { needs: 'login', run: append },
};
