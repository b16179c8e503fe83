import { expect, type Route, test } from 'playwright/test';
import { signIn } from './stack/pages.ts';
import { person } from './stack/stack.ts';

/** What a server that stops sends: the stream begins, and is then ended in order. */
const endedInOrder = 'event: connected\ndata: {}\n\nevent: return\ndata: {}\n\n';

test('a page that the server has left says so, and is up to date again by itself', async ({ browser }) => {
  const page = await signIn(browser, person('Anna'));
  const stream = /changes\.watch/;
  const note = page.locator('footer').getByRole('status');
  await expect(note).toHaveText('Up to date');
  const stops = (route: Route) => route.fulfill({ contentType: 'text/event-stream', body: endedInOrder });
  await page.route(stream, stops);
  await page.reload();
  await expect(note).toHaveText(/^Shown from \d\d:\d\d, reconnecting$/);
  // A proxy's answer for a server that is away: the browser does not try again by itself.
  const refused = page.waitForResponse((response) => response.status() === 502);
  await page.route(stream, (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
  // Only now: between the two the page would have found the server itself, and been content with it.
  await page.unroute(stream, stops);
  await refused;
  await expect(note).toHaveText(/reconnecting$/);
  await page.unroute(stream);
  await expect(note).toHaveText('Up to date', { timeout: 20_000 });
});
