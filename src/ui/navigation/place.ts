/** What the address bar names: whose mail, which mailbox, and what is open of it. */
export interface Place {
  /** An account's id, or `all`. */
  account: string;
  /** A mailbox's id; in `all` a role, `outbox` or `drafts`. */
  box: string;
  thread: string | null;
  /** Where single mails are listed: the one that is open. */
  email: string | null;
}

export const inboxOfAll: Place = { account: 'all', box: 'inbox', thread: null, email: null };

function segment(path: string[], index: number): string | null {
  const text = path[index];
  if (!text) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Reads `/mail/<account|all>/<mailbox|role>/<thread>/<email>`; what it cannot read is the unified inbox. */
export function readPlace(pathname: string): Place {
  const path = pathname.split('/').slice(2);
  return {
    account: segment(path, 0) ?? 'all',
    box: segment(path, 1) ?? 'inbox',
    thread: segment(path, 2),
    email: segment(path, 3),
  };
}

export function pathOf({ account, box, thread, email }: Place): string {
  const parts =
    thread === null
      ? [account, box]
      : email === null
        ? [account, box, thread]
        : [account, box, thread, email];
  return `/mail/${parts.map(encodeURIComponent).join('/')}`;
}
