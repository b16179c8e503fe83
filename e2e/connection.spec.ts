import { expect, test } from 'playwright/test';
import { signIn } from './stack/pages.ts';
import { person } from './stack/stack.ts';

/** What a server that stops sends: the stream begins, and is then ended in order. */
const endedInOrder = 'event: connected\ndata: {}\n\nevent: return\ndata: {}\n\n';

test('a page that the server has left says so, and is up to date again by itself', async ({ browser }) => {
  const page = await signIn(browser, person('Anna'));
  const stream = /changes\.watch/;
  const note = page.locator('footer').getByRole('status');
  await expect(note).toHaveText('Up to date');
  await page.route(stream, (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: endedInOrder }),
  );
  await page.reload();
  await expect(note).toHaveText(/^Shown from \d\d:\d\d, reconnecting$/);
  // A proxy's answer for a server that is away: the browser does not try again by itself.
  const refused = page.waitForRequest(stream);
  await page.unroute(stream);
  await page.route(stream, (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
  await refused;
  await expect(note).toHaveText(/reconnecting$/);
  await page.unroute(stream);
  await expect(note).toHaveText('Up to date', { timeout: 20_000 });
});
