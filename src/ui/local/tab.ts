const name = 'mailroom-tab';

function ownId(): string {
  const known = sessionStorage.getItem(name);
  if (known !== null) return known;
  const made = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  sessionStorage.setItem(name, made);
  return made;
}

let id: string | null = null;

/** This tab's name, the same after a reload. */
export function tabId(): string {
  id ??= ownId();
  return id;
}

const lockOf = (tab: string) => `mailroom-tab-${tab}`;

/** Says to the other tabs, for as long as this page lives, that it does. A tab that was duplicated takes another name. */
export async function announceTab(): Promise<void> {
  // Without https there are no locks: then each tab knows of itself alone.
  if (!('locks' in navigator)) return;
  const isOwn = await holdLock(lockOf(tabId()));
  if (isOwn) return;
  sessionStorage.removeItem(name);
  id = ownId();
  await holdLock(lockOf(id));
}

/** Takes a lock for the page's life; whether it could be had. */
function holdLock(lock: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(lock, { ifAvailable: true }, (held) => {
      resolve(held !== null);
      return held === null ? undefined : new Promise(() => undefined);
    });
  });
}

/** The tabs that are open now, this one among them. */
export async function livingTabs(): Promise<ReadonlySet<string>> {
  if (!('locks' in navigator)) return new Set([tabId()]);
  const { held = [] } = await navigator.locks.query();
  const start = lockOf('');
  return new Set(
    held.flatMap((lock) => (lock.name?.startsWith(start) ? [lock.name.slice(start.length)] : [])),
  );
}
