import { expect, type Page, test } from 'playwright/test';
import { rows, send, signInAs } from './stack/pages.ts';
import { person } from './stack/stack.ts';

/** Opens the sheet of the person's own account from its menu in the side bar. */
async function openState(page: Page, address: string) {
  const line = page.getByRole('region', { name: address });
  await line.getByRole('link', { name: address }).first().hover();
  await line.getByRole('button', { name: /^Actions on the account/ }).click();
  await page.getByRole('menuitem', { name: 'State and settings' }).click();
  return page.getByRole('dialog', { name: address });
}

test('a mail of a paused account says what it waits for and what to do, and leaves once that is done', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const anna = await signInAs(browser, 'Anna');
  const ben = await signInAs(browser, 'Ben');
  const { email } = person('Anna');
  const subject = `In a while ${Date.now()}`;
  const state = await openState(anna, email);
  await state.getByRole('button', { name: 'Pause' }).click();
  await expect(state.getByText(/^Paused\./)).toBeVisible();
  await anna.keyboard.press('Escape');
  await send(anna, { to: person('Ben').email, subject, text: 'Once it goes on.' });
  await anna.getByRole('link', { name: 'Outbox' }).first().click();
  const outbox = anna.getByRole('region', { name: 'Conversations' });
  const item = outbox.getByRole('listitem').filter({ hasText: subject });
  await expect(item).toContainText('Waits because this account is paused. Resume it');
  await anna.screenshot({ path: test.info().outputPath('outbox-paused.png') });
  const again = await openState(anna, email);
  await again.getByRole('button', { name: 'Resume' }).click();
  await anna.keyboard.press('Escape');
  await expect(item.filter({ hasText: 'Waits because' })).toHaveCount(0);
  await expect(rows(ben, subject)).toHaveCount(1, { timeout: 60_000 });
  await expect(item).toHaveCount(0);
  await anna.context().close();
  await ben.context().close();
});

test('a draft that is larger than a request may be is refused with what to do', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const answer = await page.evaluate(async () => {
    const response = await fetch('/api/trpc/drafts.save', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'x'.repeat(11 * 1024 * 1024) }),
    });
    return { status: response.status, body: await response.text() };
  });
  expect(answer.status).toBe(413);
  expect(JSON.parse(answer.body).error.data.problem).toEqual({ code: 'text_too_long', detail: null });
  await page.context().close();
});
