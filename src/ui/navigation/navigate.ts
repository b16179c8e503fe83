import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { createStore } from '#ui/kit/store.ts';
import { inboxOfAll, type Place, pathOf, readPlace } from './place.ts';

const placeStore = createStore<Place>(inboxOfAll);
let isListening = false;

function listen(): void {
  if (isListening) return;
  isListening = true;
  window.addEventListener('popstate', () => placeStore.set(readPlace(window.location.pathname)));
}

/** What the server was asked for: the first render in the browser must show the same. */
export const InitialPlace = createContext<Place>(inboxOfAll);

/** Takes the place from the address bar; before anything of the mail screen is drawn. */
export function startAtAddress(): void {
  placeStore.set(readPlace(window.location.pathname));
  listen();
}

export function currentPlace(): Place {
  return placeStore.get();
}

/** Shows another place at once, with no round trip to the server. `replace` leaves no step for the Back button. */
export function goTo(place: Place, how: 'push' | 'replace' = 'push'): void {
  const path = pathOf(place);
  if (path === window.location.pathname) return;
  if (how === 'push') window.history.pushState(null, '', path);
  else window.history.replaceState(null, '', path);
  placeStore.set(place);
}

export function usePlace<Part>(select: (place: Place) => Part): Part {
  const initial = useContext(InitialPlace);
  const read = useCallback(() => select(placeStore.get()), [select]);
  const readInitial = useCallback(() => select(initial), [select, initial]);
  return useSyncExternalStore(placeStore.subscribe, read, readInitial);
}

export const wholePlace = (place: Place): Place => place;
