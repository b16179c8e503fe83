import { writeFileSync } from 'node:fs';
import { expect, type Page, type TestInfo, test } from 'playwright/test';
import { signInAs } from './stack/pages.ts';
import { stack } from './stack/stack.ts';

const megabyte = 1024 * 1024;
/** What ATTACHMENT_LIMIT is where nobody sets it. */
const limit = 25 * megabyte;

/** Attaches a file of that many bytes to a new draft; gives the server's answer. */
async function attach(page: Page, info: TestInfo, name: string, size: number) {
  const file = info.outputPath(name);
  writeFileSync(file, Buffer.alloc(size, 'Mailroom'));
  await page.keyboard.press('c');
  const answered = page.waitForResponse(
    (response) => response.request().method() === 'POST' && /\/attachments\?/.test(response.url()),
  );
  await page.locator('input[type=file]').last().setInputFiles(file);
  return answered;
}

test('a file of 12 MB, and one of the limit to the byte, are attached whole', async ({ browser }, info) => {
  const page = await signInAs(browser, 'Anna');
  const address = (await attach(page, info, 'small.bin', 1)).url();
  for (const size of [12 * megabyte, limit]) {
    // Chromium's inspector keeps no answer to so large a request, so they are made beside the page.
    const answer = await page.request.post(address, {
      data: Buffer.alloc(size, 'Mailroom'),
      headers: { 'content-type': 'application/octet-stream', origin: stack().address },
    });
    expect(answer.status()).toBe(201);
    expect(await answer.json()).toMatchObject({ size });
    expect(answer.headers()).toMatchObject({
      'cache-control': 'private, no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
    });
  }
  await page.context().close();
});

test('a file one byte over the limit is refused, and the person is told of the limit', async ({
  browser,
}, info) => {
  const page = await signInAs(browser, 'Anna');
  const answer = await attach(page, info, 'over.bin', limit + 1);
  expect(answer.status()).toBe(413);
  await expect(page.getByText(/over\.bin.*larger than 25 MB/)).toBeVisible();
  await page.getByRole('button', { name: 'Remove over.bin' }).click();
  await expect(page.getByRole('button', { name: 'Remove over.bin' })).toHaveCount(0);
  await page.context().close();
});
