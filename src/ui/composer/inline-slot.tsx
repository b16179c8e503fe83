'use client';

import { useCallback } from 'react';
import { createStore } from '#ui/kit/store.ts';

/** The places in the open conversation where an answer can be written, by the mail that it answers. */
export const slotsStore = createStore<ReadonlyMap<string, HTMLElement>>(new Map());

/** Where the answer to a mail is written, under that mail. */
export function InlineSlot({ emailId }: { emailId: string }) {
  const place = useCallback(
    (element: HTMLDivElement | null) => {
      slotsStore.set((before) => {
        const next = new Map(before);
        if (element === null) next.delete(emailId);
        else next.set(emailId, element);
        return next;
      });
    },
    [emailId],
  );
  return <div ref={place} />;
}
