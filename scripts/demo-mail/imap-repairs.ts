import type {
  CommandHandler,
  ImapAttribute,
  ImapResponse,
  ImapServer,
  StoredMailbox,
  StoredMessage,
} from 'hoodiecrow-imap';
import { repairFetch } from './fetch-repairs.ts';
import { formatInternalDate } from './internal-date.ts';

/**
 * A hoodiecrow plugin that corrects what a real client stumbles over. It wraps and replaces handlers from outside; to
 * be named after all other plugins.
 */
export function repairs(server: ImapServer): void {
  server.setMaxListeners(0);
  server.formatInternalDate = formatInternalDate;
  repairFetch(server);
  keepUidValidityFresh(server);
  filterUidFetch(server);
  endIdleQuietly(server);
  server.outputHandlers.push((connection, response, description) => {
    if (description !== 'ENABLE' || response.tag === '*') return;
    // RFC 5161, 3.2: what is on is said in a line of its own, and a client takes nothing for on without it.
    const attributes = (connection.enabled ?? []).map((value): ImapAttribute => ({ type: 'ATOM', value }));
    connection.send({ tag: '*', command: 'ENABLED', attributes }, 'ENABLED', null);
  });
  server.outputHandlers.push((_connection, response) => {
    if (response.attributes) response.attributes = response.attributes.map(protectControls);
  });
  server.outputHandlers.push((_connection, response, description) => nameFailure(response, description));
  server.outputHandlers.push((connection, _response, description, _parsed, _data, affected) => {
    if (
      !/^(UID )?STORE COMPLETE$/.test(description) ||
      !Array.isArray(affected) ||
      !connection.selectedMailbox
    )
      return;
    // Flags set in one session were never told to the others.
    for (const item of affected)
      announceFlags(server, connection.selectedMailbox, Array.isArray(item) ? item[1] : item, connection);
  });
  const find = server.getCommandHandler.bind(server);
  server.getCommandHandler = (command) => {
    const handler = find(command);
    return handler && answerAlways(handler);
  };
}

/** An exception left the session's queue blocked for good: no later command was answered. */
function answerAlways(handler: CommandHandler): CommandHandler {
  return (connection, parsed, data, done) => {
    try {
      handler(connection, parsed, data, done);
    } catch (error) {
      const text = error instanceof Error ? error.message.replaceAll(/[\r\n]+/g, ' ') : 'failed';
      connection.send(
        { tag: parsed.tag, command: 'NO', attributes: [{ type: 'TEXT', value: text }] },
        'FAILED',
        parsed,
      );
      done();
    }
  };
}

/** A mailbox made again under an old name must not look like the old one (RFC 3501, 2.3.1.1). */
function keepUidValidityFresh(server: ImapServer): void {
  const create = server.createMailbox.bind(server);
  let highest = 0;
  server.createMailbox = (path, existing) => {
    if (/^INBOX\//i.test(path)) throw new Error('INBOX takes no mailboxes below it');
    const before = new Set(Object.keys(server.folderCache));
    create(path, existing);
    if (existing) return;
    const now = Math.floor(Date.now() / 1000);
    for (const mailbox of Object.values(server.folderCache)) highest = Math.max(highest, mailbox.uidvalidity);
    for (const [name, mailbox] of Object.entries(server.folderCache)) {
      if (before.has(name)) continue;
      highest = Math.max(now, highest + 1);
      mailbox.uidvalidity = highest;
    }
  };
}

/** UID FETCH ignored CHANGEDSINCE (RFC 7162, 3.1.4.1) and sent everything. */
function filterUidFetch(server: ImapServer): void {
  const fetch = server.getCommandHandler('UID FETCH');
  if (!fetch) return;
  server.setCommandHandler('UID FETCH', (connection, parsed, data, done) => {
    const [range, items, modifiers] = parsed.attributes ?? [];
    const since = changedSince(modifiers);
    const mailbox = connection.selectedMailbox;
    if (since === null || !mailbox || !isToken(range)) return fetch(connection, parsed, data, done);
    const changed = server
      .getMessageRange(mailbox, range.value ?? '', true)
      .filter(([, message]) => (message.MODSEQ ?? 0) > since);
    if (changed.length === 0) {
      connection.send(
        { tag: parsed.tag, command: 'OK', attributes: [{ type: 'TEXT', value: 'Nothing changed' }] },
        'UID FETCH',
        parsed,
      );
      return done();
    }
    const wanted = Array.isArray(items) ? items : [items ?? null];
    const hasModseq = wanted.some((item) => isToken(item) && item.value?.toUpperCase() === 'MODSEQ');
    const uids = changed.map(([, message]) => message.uid).join(',');
    const attributes: ImapAttribute[] = [
      { type: 'SEQUENCE', value: uids },
      hasModseq ? wanted : [...wanted, { type: 'ATOM', value: 'MODSEQ' }],
    ];
    fetch(connection, { ...parsed, attributes }, data, done);
  });
}

function changedSince(modifiers: ImapAttribute | undefined): number | null {
  if (!Array.isArray(modifiers)) return null;
  const at = modifiers.findIndex((item) => isToken(item) && item.value?.toUpperCase() === 'CHANGEDSINCE');
  const value = at < 0 ? null : modifiers[at + 1];
  const since = isToken(value) ? Number(value.value) : Number.NaN;
  return Number.isFinite(since) ? since : null;
}

/** After DONE a session went on getting EXPUNGE at any moment, also between its own commands (RFC 3501, 7.4.1). */
function endIdleQuietly(server: ImapServer): void {
  const idle = server.getCommandHandler('IDLE');
  if (!idle) return;
  server.setCommandHandler('IDLE', (connection, parsed, data, done) => {
    idle(connection, parsed, data, done);
    const finish = connection.inputHandler;
    if (!finish) return;
    connection.inputHandler = (line) => {
      finish(line);
      connection.directNotifications = false;
    };
  });
}

function announceFlags(
  server: ImapServer,
  mailbox: StoredMailbox,
  message: StoredMessage,
  by: Parameters<CommandHandler>[0],
): void {
  const place = mailbox.messages.indexOf(message) + 1;
  if (place === 0) return;
  const flags = message.flags.map((flag): ImapAttribute => ({ type: 'ATOM', value: flag }));
  const items: ImapAttribute[] = [
    { type: 'ATOM', value: 'UID' },
    message.uid,
    { type: 'ATOM', value: 'FLAGS' },
    flags,
    { type: 'ATOM', value: 'MODSEQ' },
    [message.MODSEQ ?? 1],
  ];
  server.notify({ tag: '*', attributes: [place, { type: 'ATOM', value: 'FETCH' }, items] }, mailbox, by);
}

/** A missing mailbox is NO with its code (RFC 5530, RFC 3501 6.3.11), not a client's syntax error. */
function nameFailure(response: ImapResponse, description: string): void {
  const text = response.attributes?.find((item) => isToken(item) && item.type === 'TEXT');
  const said = isToken(text) ? text.value : undefined;
  const code =
    said === 'Invalid mailbox name' || said === 'Mailbox does not exist'
      ? 'NONEXISTENT'
      : (said === 'Invalid mailbox argument' && description === 'INVALID COMMAND') ||
          said === 'Target mailbox does not exist'
        ? 'TRYCREATE'
        : null;
  if (code === null || response.tag === '*') return;
  response.command = 'NO';
  response.attributes = [
    { type: 'SECTION', section: [{ type: 'ATOM', value: code }] },
    ...(response.attributes ?? []),
  ];
}

/** Strings went out as JSON, whose escapes IMAP does not know: one with control characters has to be a literal. */
function protectControls(item: ImapAttribute): ImapAttribute {
  if (Array.isArray(item)) return item.map(protectControls);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  if (typeof item === 'string' && /[\x00-\x1f\x7f]/.test(item))
    return { type: 'LITERAL', value: item.replaceAll('\0', '') };
  return item;
}

function isToken(
  value: ImapAttribute | undefined,
): value is Exclude<ImapAttribute, string | number | null | ImapAttribute[]> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
