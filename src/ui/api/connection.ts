import { createStore } from '#ui/kit/store.ts';

export interface Connection {
  status: 'connecting' | 'live' | 'reconnecting' | 'offline';
  /** When the page last was up to date, as far as it knew; milliseconds since 1970. */
  since: number | null;
}

/** How fresh what the page shows is. */
export const connectionStore = createStore<Connection>({ status: 'connecting', since: null });

export function setConnection(status: Connection['status']): void {
  connectionStore.set((previous) => {
    if (status === 'live') return { status, since: Date.now() };
    if (previous.status === status) return previous;
    const isFirst = status === 'reconnecting' && previous.since === null;
    if (isFirst) return previous;
    return { status, since: previous.status === 'live' ? Date.now() : previous.since };
  });
}
