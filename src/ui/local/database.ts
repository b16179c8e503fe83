/** The stores of a person's own database in this browser, and what each row is found by. */
const stores = {
  // Each tab has a row of its own: of two that write in one draft neither takes the other's words away.
  drafts: ['draftId', 'tab'],
};
export type StoreName = keyof typeof stores;

/** 2: drafts are found by their tab too. */
const version = 2;
const prefix = 'mailroom-';

interface Opened {
  userId: string;
  database: Promise<IDBDatabase>;
  /** The same once it is open: a page that is going waits for no promise. */
  ready: IDBDatabase | null;
}

let opened: Opened | null = null;

/** Makes the stores anew by today's keys, with the rows that they held by older ones. */
function makeStores(database: IDBDatabase, upgrade: IDBTransaction): void {
  for (const [name, keyPath] of Object.entries(stores)) {
    if (!database.objectStoreNames.contains(name)) {
      database.createObjectStore(name, { keyPath });
      continue;
    }
    const held = upgrade.objectStore(name).getAll();
    held.onsuccess = () => {
      database.deleteObjectStore(name);
      const store = database.createObjectStore(name, { keyPath });
      for (const row of held.result) store.put(row);
    };
  }
}

function openDatabase(userId: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(`${prefix}${userId}`, version);
    request.onupgradeneeded = () => {
      if (request.transaction !== null) makeStores(request.result, request.transaction);
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
  opened = userId === null ? null : open(userId);
}

function open(userId: string): Opened {
  const made: Opened = { userId, database: openDatabase(userId), ready: null };
  made.database.then(
    (database) => {
      made.ready = database;
    },
    () => undefined,
  );
  return made;
}

function ended(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function change(name: StoreName, make: (into: IDBObjectStore) => IDBRequest): Promise<void> {
  if (opened === null) return;
  const database = opened.ready ?? (await opened.database);
  const transaction = database.transaction(name, 'readwrite', { durability: 'relaxed' });
  const request = make(transaction.objectStore(name));
  // Said at once: what is not committed when the page goes would be taken back.
  transaction.commit();
  await ended(request);
}

/**
 * Writes a row; begun in this very tick once the database is open.
 * @throws DOMException where the browser keeps nothing: a private window, a full disk
 */
export function putLocal(name: StoreName, row: object): Promise<void> {
  return change(name, (into) => into.put(row));
}

export function deleteLocal(name: StoreName, key: readonly string[]): Promise<void> {
  return change(name, (from) => from.delete([...key]));
}

/** All rows of a store, as they were written: by this version of the program or an older one. */
export async function allLocal(name: StoreName): Promise<unknown[]> {
  if (opened === null) return [];
  const database = await opened.database;
  const rows = await ended(database.transaction(name, 'readonly').objectStore(name).getAll());
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
