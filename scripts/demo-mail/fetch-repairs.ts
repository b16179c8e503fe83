import type { FetchHandler, ImapAttribute, ImapServer, ImapToken, StoredMessage } from 'hoodiecrow-imap';
import original from 'hoodiecrow-imap/lib/commands/handlers/fetch.js';

/**
 * Corrects hoodiecrow's FETCH from outside:
 * - `BODY[1]<0.100>` over several messages came back empty from the second on, because the query that is shared
 *   between them was emptied at the first; and the answer named the length too (RFC 3501, 7.4.2: only the origin).
 * - part numbers above 9 were refused.
 * - one message that its parser chokes on failed the whole FETCH: now that message alone gets a plain structure.
 */
export function repairFetch(server: ImapServer): void {
  const ranges = new WeakMap<ImapToken, [start: number, length: number]>();

  const fetchBody: FetchHandler = (connection, message, query) => {
    if (!query.section) return fetchStructure('BODY')(connection, message, query);
    const [start, length] = query.partial ?? [];
    if (start !== undefined && length !== undefined) {
      ranges.set(query, [start, length]);
      query.partial = [start];
    }
    const whole = wholeSection(connection, message, query);
    const range = ranges.get(query);
    return range
      ? { type: 'LITERAL', value: whole.slice(range[0], range[0] + range[1]) }
      : { type: 'LITERAL', value: whole };
  };

  server.fetchHandlers.BODY = fetchBody;
  server.fetchHandlers['BODY.PEEK'] = fetchBody;
  server.fetchHandlers.BODYSTRUCTURE = fetchStructure('BODYSTRUCTURE');
  server.fetchHandlers.ENVELOPE = (connection, message, query) =>
    attempt(() => callOriginal('ENVELOPE', connection, message, query)) ?? [
      null,
      '',
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
    ];
}

const wholeSection = (...[connection, message, query]: Parameters<FetchHandler>): string => {
  const section = query.section?.map(namePartText);
  const value = attempt(() =>
    callOriginal('BODY', connection, message, {
      type: query.type,
      value: 'BODY',
      ...(section ? { section } : {}),
    }),
  );
  return isToken(value) ? (value.value ?? '') : '';
};

/** `12` is read wrongly where `12.TEXT`, which gives the same bytes for a leaf, is read well. */
function namePartText(item: ImapAttribute): ImapAttribute {
  return isToken(item) && /^(\d+\.)*\d{2,}$/.test(item.value ?? '')
    ? { ...item, value: `${item.value}.TEXT` }
    : item;
}

function fetchStructure(name: 'BODY' | 'BODYSTRUCTURE'): FetchHandler {
  return (connection, message, query) => {
    const structure = attempt(() => callOriginal(name, connection, message, query));
    return structure === undefined || hasHole(structure) ? plainStructure(message) : structure;
  };
}

/** A multipart without parts comes out as an empty list, which no client can read. */
function hasHole(structure: ImapAttribute): boolean {
  if (!Array.isArray(structure)) return false;
  const [first] = structure;
  return structure.length === 0 || (Array.isArray(first) && hasHole(first));
}

function plainStructure({ raw }: StoredMessage): ImapAttribute {
  const end = raw.search(/\r?\n\r?\n/);
  const body = end < 0 ? '' : raw.slice(end).replace(/^\r?\n\r?\n/, '');
  return ['TEXT', 'PLAIN', ['CHARSET', 'utf-8'], null, null, '8BIT', body.length, body.split('\n').length];
}

function callOriginal(name: string, ...args: Parameters<FetchHandler>): ImapAttribute {
  const handler = original[name];
  if (!handler) throw new Error(`hoodiecrow has no FETCH ${name}.`);
  return handler(...args);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // The parser fell over this one message; the caller answers with what is sure.
    return undefined;
  }
}

function isToken(value: ImapAttribute | undefined): value is ImapToken {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
