import { expect, test } from 'playwright/test';
import { rows, send, signInAs } from './stack/pages.ts';
import { person } from './stack/stack.ts';

test('a reply arrives in the other account, live, joins its thread and stands in Sent', async ({
  browser,
}) => {
  const anna = await signInAs(browser, 'Anna');
  const ben = await signInAs(browser, 'Ben');
  const subject = `Lunch ${Date.now()}`;
  await send(anna, { to: person('Ben').email, subject, text: 'Shall we have soup today?' });
  await expect(anna.getByText(`Sending “${subject}”…`)).toBeVisible();

  await expect(rows(ben, subject)).toBeVisible({ timeout: 30_000 });
  await rows(ben, subject).click();
  await expect(ben.getByText('Shall we have soup today?').last()).toBeVisible();
  await ben.getByRole('button', { name: 'Reply', exact: true }).last().click();
  const text = ben.getByLabel('Message text').last();
  await expect(ben.getByRole('button', { name: 'Show what is quoted' })).toBeVisible();
  await text.press('Control+Home');
  await text.pressSequentially('Yes, at noon.');
  await ben.keyboard.press('Control+Enter');

  await expect(rows(anna, subject)).toBeVisible({ timeout: 30_000 });
  await rows(anna, subject).click();
  await expect(anna.getByText('Yes, at noon.').first()).toBeVisible();
  await expect(anna.getByText('Shall we have soup today?').first()).toBeVisible();

  await ben.getByRole('link', { name: 'Sent' }).first().click();
  await expect(rows(ben, subject)).toBeVisible();
  await anna.context().close();
  await ben.context().close();
});

test('a sent mail can be taken back and is the same draft again', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const subject = `Too soon ${Date.now()}`;
  await send(page, { to: person('Ben').email, subject, text: 'Wait, not yet.' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByLabel('Subject', { exact: true }).last()).toHaveValue(subject);
  await expect(page.getByLabel('Message text').last()).toContainText('Wait, not yet.');
  await page.context().close();
});

test('a mail that is refused says why, stays, and can be tried again', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const subject = `Nobody there ${Date.now()}`;
  await send(page, { to: 'nobody@demo.example', subject, text: 'Is anybody there?' });
  const outbox = page.getByRole('link', { name: 'Outbox' }).first();
  await expect(outbox).toBeVisible({ timeout: 30_000 });
  await outbox.click();
  await expect(page.getByText(subject).first()).toBeVisible();
  await expect(page.getByText('Not sent').first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/nobody@demo\.example/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).first().click();
  // It is refused again in a moment; until then it is on its way and cannot be edited.
  await expect(async () => {
    await page.getByRole('button', { name: 'Edit' }).first().click({ timeout: 1000 });
    await expect(page.getByLabel('Subject', { exact: true }).last()).toHaveValue(subject, { timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await page.context().close();
});

test('what is being written is kept on the server', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const subject = `Half a thought ${Date.now()}`;
  await page.keyboard.press('c');
  await page.getByLabel('Subject', { exact: true }).last().fill(subject);
  await page.getByLabel('Message text').last().fill('To be continued');
  await expect(page.getByText(/Saved at/)).toBeVisible();
  await page.reload();
  await page.getByRole('link', { name: 'Drafts' }).first().click();
  await page.getByText(subject).first().click();
  await expect(page.getByLabel('Message text').last()).toContainText('To be continued');
  await page.context().close();
});

test('an attachment arrives as it was', async ({ browser }) => {
  const anna = await signInAs(browser, 'Anna');
  const ben = await signInAs(browser, 'Ben');
  const subject = `With a file ${Date.now()}`;
  const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 31) % 256));
  await anna.keyboard.press('c');
  await anna.getByLabel('To', { exact: true }).last().fill(person('Ben').email);
  await anna.keyboard.press('Enter');
  await anna.getByLabel('Subject', { exact: true }).last().fill(subject);
  await anna
    .locator('input[type=file]')
    .last()
    .setInputFiles({ name: 'Grüße.bin', mimeType: 'application/octet-stream', buffer: bytes });
  await expect(anna.getByRole('button', { name: 'Remove Grüße.bin' })).toBeVisible();
  await anna.getByLabel('Message text').last().fill('See the file.');
  await anna.keyboard.press('Control+Enter');
  await expect(rows(ben, subject)).toBeVisible({ timeout: 30_000 });
  await rows(ben, subject).click();
  const download = ben.waitForEvent('download');
  await ben.getByRole('link', { name: /Download Grüße\.bin/ }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('Grüße.bin');
  const stream = await file.createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  await anna.context().close();
  await ben.context().close();
});
