import { expect, test } from 'playwright/test';
import { rows, send, signInAs } from './stack/pages.ts';
import { person } from './stack/stack.ts';

test('a mail that goes to some and not to others says to whom, until that is dismissed', async ({
  browser,
}) => {
  const anna = await signInAs(browser, 'Anna');
  const ben = await signInAs(browser, 'Ben');
  const subject = `To two ${Date.now()}`;
  await send(anna, { to: `${person('Ben').email}, nobody@demo.example`, subject, text: 'To you both.' });
  await expect(anna.getByText(`“${subject}” was not sent to everybody`)).toBeVisible({ timeout: 30_000 });
  await expect(rows(ben, subject)).toBeVisible({ timeout: 30_000 });

  await anna.getByRole('link', { name: 'Sent' }).first().click();
  await rows(anna, subject).click();
  const note = anna.getByRole('alert').filter({ hasText: 'Not sent to everybody' });
  await expect(note).toContainText('nobody@demo.example');

  await anna.reload();
  await anna.getByRole('link', { name: 'Outbox' }).first().click();
  const item = anna.getByRole('listitem').filter({ hasText: subject });
  await expect(item).toContainText('Not sent to everybody');
  await expect(item).toContainText('nobody@demo.example');
  await item.getByRole('button', { name: 'Dismiss' }).click();
  await expect(item).toHaveCount(0);

  await anna.getByRole('link', { name: 'Sent' }).first().click();
  await rows(anna, subject).click();
  await expect(anna.getByText('To you both.').first()).toBeVisible();
  await expect(note).toHaveCount(0);
  await anna.context().close();
  await ben.context().close();
});
