import type { ImapFlow } from 'imapflow';

/**
 * Has the library take each name as the full one that it is. Where all of a person's mailboxes lie in INBOX (RFC 2342),
 * it would list those alone, and put `INBOX.` before the names of shared ones. Other prefixes are left to it: before
 * those, some servers list whatever files there are.
 */
export function takeFullNames(client: ImapFlow): void {
  const { namespace } = client;
  if (namespace !== undefined && /^INBOX./i.test(namespace.prefix))
    client.namespace = { ...namespace, prefix: '' };
}

/**
 * The full name on the server of a mailbox that was named here, where nobody knows the server's namespaces: what lies
 * in none of them belongs into the personal one.
 */
export function inNamespace({ namespaces }: Pick<ImapFlow, 'namespaces'>, name: string): string {
  const prefix = namespaces?.personal[0]?.prefix ?? '';
  const all = [namespaces?.personal, namespaces?.other, namespaces?.shared].flatMap((list) => list || []);
  // What a namespace lies in, `Shared` of `Shared.`, is listed too.
  const isIn = all.some((each) => each.prefix !== '' && `${name}${each.delimiter}`.startsWith(each.prefix));
  const holds = all.some((each) => each.prefix.startsWith(`${name}${each.delimiter}`));
  return isIn || holds || name.toUpperCase() === 'INBOX' ? name : prefix + name;
}

/** Whether a mailbox is the person's own, and no shared or other person's one. */
export function isPersonal({ namespaces }: Pick<ImapFlow, 'namespaces'>, name: string): boolean {
  const foreign = [namespaces?.other, namespaces?.shared].flatMap((list) => list || []);
  return !foreign.some(({ prefix }) => prefix !== '' && name.startsWith(prefix));
}
