import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { atRest } from '#ui/local/drafts.ts';
import { isPassing, isSignedOut } from './problem.ts';

const minute = 60_000;

/** Nobody is led away in the middle of a word: what they type meanwhile would be lost. In milliseconds. */
const rest = 2000;
let isLeaving = false;

/** Signed out elsewhere, or the session ended: nothing of the mail stays on the page. */
function leaveWhenSignedOut(error: unknown): void {
  if (!isSignedOut(error) || isLeaving || !window.location.pathname.startsWith('/mail')) return;
  isLeaving = true;
  void atRest(rest).then(() => window.location.assign('/sign-in'));
}

/**
 * What the browser knows of the mail. One for the page, so that keys and the event stream reach it too; nothing is
 * ever put into it while a page is rendered on the server. The event stream says what is old, so nothing is asked
 * for again because time went by.
 */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
  mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 10 * minute,
      gcTime: 30 * minute,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && isPassing(error),
    },
  },
});
