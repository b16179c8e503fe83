import { createStore } from '#ui/kit/store.ts';

const key = 'mailroom.firstAccountLater';

/** Whether somebody without accounts has put the first one off, in this tab. */
export const laterStore = createStore(false);

/** Reads what was chosen before the page was loaded. */
export function rememberLater(): void {
  laterStore.set(sessionStorage.getItem(key) !== null);
}

/** Puts the first account off: the mail page is shown, with nothing in it yet. */
export function putOff(): void {
  sessionStorage.setItem(key, 'yes');
  laterStore.set(true);
}
