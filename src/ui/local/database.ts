/** The stores of a person's own database in this browser, and what each row is found by. */
const stores = { drafts: 'draftId' } as const;
export type StoreName = keyof typeof stores;

const version = 1;
const prefix = 'mailroom-';

let opened: { userId: string; database: Promise<IDBDatabase> } | null = null;

function openDatabase(userId: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(`${prefix}${userId}`, version);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(stores)) {
        if (!request.result.objectStoreNames.contains(name))
          request.result.createObjectStore(name, { keyPath });
      }
    };
    request.onsuccess = () => {
      // Another tab deletes it, at sign-out: an open connection would keep it waiting.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}

/**
 * Whose database is meant from now on: there is one for each person who uses this browser, and nobody is shown
 * another's. null: nobody's.
 */
export function openLocalOf(userId: string | null): void {
  if (opened?.userId === userId) return;
  void opened?.database.then((database) => database.close());
  opened = userId === null ? null : { userId, database: openDatabase(userId) };
  opened?.database.catch(() => undefined);
}

function ended(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function store(name: StoreName, mode: IDBTransactionMode): Promise<IDBObjectStore | null> {
  if (opened === null) return null;
  const database = await opened.database;
  return database.transaction(name, mode, { durability: 'relaxed' }).objectStore(name);
}

/** Writes a row. @throws DOMException where the browser keeps nothing: a private window, a full disk */
export async function putLocal(name: StoreName, row: object): Promise<void> {
  const into = await store(name, 'readwrite');
  if (into !== null) await ended(into.put(row));
}

export async function deleteLocal(name: StoreName, key: string): Promise<void> {
  const from = await store(name, 'readwrite');
  if (from !== null) await ended(from.delete(key));
}

/** All rows of a store, as they were written: by this version of the program or an older one. */
export async function allLocal(name: StoreName): Promise<unknown[]> {
  const from = await store(name, 'readonly');
  const rows = from === null ? [] : await ended(from.getAll());
  return Array.isArray(rows) ? rows : [];
}

/** Takes away whatever this browser keeps of the person. */
export async function forgetLocal(): Promise<void> {
  if (opened === null) return;
  const { userId, database } = opened;
  opened = null;
  (await database).close();
  indexedDB.deleteDatabase(`${prefix}${userId}`);
}
