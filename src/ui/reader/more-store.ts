import { createStore } from '#ui/kit/store.ts';

/** Whether the menu of all that can be done with the open conversation is open. */
export const moreStore = createStore(false);
