/** Gmail's own mailboxes: their names, what LIST says of them (RFC 6154), and what X-GM-LABELS calls them. */
export const systemMailboxes = [
  { path: 'INBOX', attribute: null, label: '\\Inbox' },
  { path: '[Gmail]/All Mail', attribute: '\\All', label: null },
  { path: '[Gmail]/Drafts', attribute: '\\Drafts', label: '\\Draft' },
  { path: '[Gmail]/Important', attribute: '\\Important', label: '\\Important' },
  { path: '[Gmail]/Sent Mail', attribute: '\\Sent', label: '\\Sent' },
  { path: '[Gmail]/Spam', attribute: '\\Junk', label: '\\Spam' },
  { path: '[Gmail]/Starred', attribute: '\\Flagged', label: '\\Starred' },
  { path: '[Gmail]/Trash', attribute: '\\Trash', label: '\\Trash' },
] as const;

export const allMail = '[Gmail]/All Mail';
export const sentMail = '[Gmail]/Sent Mail';
export const starred = '[Gmail]/Starred';
export const spam = '[Gmail]/Spam';
export const trash = '[Gmail]/Trash';

export function isSystem(path: string): boolean {
  return systemMailboxes.some((mailbox) => mailbox.path === path);
}

/** What X-GM-LABELS calls a mailbox; null for All Mail, which is no label. */
export function labelOf(path: string): string | null {
  const system = systemMailboxes.find((mailbox) => mailbox.path === path);
  return system === undefined ? path : system.label;
}

/** The mailbox that a label is. */
export function pathOf(label: string): string {
  const system = systemMailboxes.find((mailbox) => mailbox.label?.toLowerCase() === label.toLowerCase());
  return system?.path ?? label;
}
