import { useSyncExternalStore } from 'react';

/** Heights in pixels, as the tokens --row, --row-phone and --day have them: the list must know before it draws. */
const wide = { row: 56, day: 20 };
const phone = { row: 72, day: 20 };
const query = '(max-width: 640px)';

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(query);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

export function useRowHeights(): typeof wide {
  return useSyncExternalStore(
    subscribe,
    () => (window.matchMedia(query).matches ? phone : wide),
    () => wide,
  );
}
