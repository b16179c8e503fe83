import type { MailboxView } from '#api/views.ts';

export interface MailboxLine {
  mailbox: MailboxView;
  depth: number;
}

const order = ['inbox', 'flagged', 'drafts', 'sent', 'archive', 'all', 'junk', 'trash'];

function rank({ role }: MailboxView): number {
  return role === null ? order.length : order.indexOf(role);
}

/** An account's mailboxes as lines: roles first, then by name, each followed by what lies in it. */
export function mailboxLines(mailboxes: readonly MailboxView[]): MailboxLine[] {
  const known = new Set(mailboxes.map(({ id }) => id));
  const children = new Map<string | null, MailboxView[]>();
  for (const mailbox of mailboxes) {
    const parent = mailbox.parentId !== null && known.has(mailbox.parentId) ? mailbox.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), mailbox]);
  }
  const lines: MailboxLine[] = [];
  const visited = new Set<string>();
  const visit = (parent: string | null, depth: number) => {
    const here = (children.get(parent) ?? []).sort(
      (one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name),
    );
    for (const mailbox of here) {
      if (visited.has(mailbox.id)) continue;
      visited.add(mailbox.id);
      lines.push({ mailbox, depth });
      visit(mailbox.id, depth + 1);
    }
  };
  visit(null, 0);
  return lines;
}
