import { expect, type Page, test } from 'playwright/test';
import { signInAs } from './stack/pages.ts';

const megabyte = 1024 * 1024;
/** What ATTACHMENT_LIMIT is where nobody sets it. */
const limit = 25 * megabyte;

/** Attaches a file of that many bytes to a new draft; gives the server's answer. */
async function attach(page: Page, name: string, size: number) {
  await page.keyboard.press('c');
  const answered = page.waitForResponse(
    (response) => response.request().method() === 'POST' && /\/attachments\?/.test(response.url()),
  );
  const buffer = Buffer.alloc(size, 'Mailroom');
  await page
    .locator('input[type=file]')
    .last()
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  return answered;
}

test('files of 12 MB, and of the limit to the byte, are attached whole', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  for (const [name, size] of [
    ['twelve.bin', 12 * megabyte],
    ['limit.bin', limit],
  ] as const) {
    const answer = await attach(page, name, size);
    expect(answer.status()).toBe(201);
    expect(await answer.json()).toMatchObject({ filename: name, size });
    expect(answer.headers()['cache-control']).toBe('private, no-store');
    expect(answer.headers()['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers()['x-content-type-options']).toBe('nosniff');
    await expect(page.getByRole('button', { name: `Remove ${name}` })).toBeVisible();
  }
  await page.context().close();
});

test('a file one byte over the limit is refused, and the person is told of the limit', async ({
  browser,
}) => {
  const page = await signInAs(browser, 'Anna');
  const answer = await attach(page, 'over.bin', limit + 1);
  expect(answer.status()).toBe(413);
  await expect(page.getByText(/over\.bin.*larger than 25 MB/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove over.bin' })).toHaveCount(0);
  await page.context().close();
});
