import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import type { AppRouter } from '#api/router.ts';
import { keepSession } from './keep-session.ts';

const url = '/api/trpc';

async function keptUrl(): Promise<string> {
  await keepSession();
  return url;
}

/** The API as the browser calls it. Calls made in one tick travel in one request. */
export const api = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === 'subscription',
      true: httpSubscriptionLink({ url: keptUrl }),
      false: httpBatchLink({
        url,
        maxItems: 10,
        async fetch(input, options) {
          await keepSession();
          return fetch(input, options as RequestInit);
        },
      }),
    }),
  ],
});
