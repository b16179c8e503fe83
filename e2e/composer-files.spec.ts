import { expect, type Page, test } from 'playwright/test';
import { rows, signInAs } from './stack/pages.ts';

const attachments = /\/api\/drafts\/.*\/attachments\?/;
const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('words') });
const input = (page: Page) => page.locator('input[type=file][aria-label="Attach files"]').last();

test('a file that does not get there says why, and can be tried again or left out', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await page.keyboard.press('c');
  await expect(page.getByLabel('Message text')).toBeVisible();
  await page.route(attachments, (route) => route.abort());
  await input(page).setInputFiles([file('one.txt'), file('two.txt')]);
  const failed = page.getByRole('alert').filter({ hasText: 'could not be attached' });
  await expect(failed).toHaveCount(2);
  await page.getByRole('button', { name: 'Remove two.txt' }).click();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('A file could not be attached. Try it again, or remove it.')).toBeVisible();
  await page.unroute(attachments);
  await page.getByRole('button', { name: 'Try to attach one.txt again' }).click();
  await expect(failed).toHaveCount(0);
  const list = page.getByRole('list', { name: 'Attached files' });
  await expect(list.getByRole('listitem')).toHaveText([/one\.txt/]);
  await page.context().close();
});

test('a file on its way shows it, holds back the sending, and can be called off', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await page.keyboard.press('c');
  await expect(page.getByLabel('Message text')).toBeVisible();
  const { promise: isOver, resolve: end } = Promise.withResolvers<void>();
  await page.route(attachments, async (route) => {
    await isOver;
    await route.abort().catch(() => undefined);
  });
  await page.getByLabel('To', { exact: true }).last().fill('nobody@x.example');
  await page.keyboard.press('Enter');
  await page.getByLabel('Subject', { exact: true }).last().fill('With a slow file');
  await page.getByLabel('Message text').last().fill('Here it comes.');
  await input(page).setInputFiles(file('slow.txt'));
  await expect(page.getByRole('progressbar', { name: /slow\.txt, \d+% uploaded/ })).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('It is sent as soon as its files are there.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove slow.txt' }).click();
  await expect(page.getByRole('list', { name: 'Attached files' })).toHaveCount(0);
  // What was meant to go with the file does not go without it.
  await expect(page.getByRole('button', { name: 'Send', exact: false }).first()).toBeEnabled();
  await expect(page.getByText(/^Sending “/)).toHaveCount(0);
  end();
  await page.context().close();
});

test('the mail that is open beside the composer, or is selected, is attached whole', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await page.keyboard.press('c');
  const composer = page.getByRole('dialog', { name: /^Message: / });
  const attach = async () => {
    await composer.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Attach the open or selected mail' }).click();
  };
  await expect(page.getByLabel('Message text')).toBeVisible();
  await attach();
  await expect(page.getByText('Open a mail of the same account beside this message first')).toBeVisible();
  await rows(page, 'Timber & Light').first().click();
  await expect(page.locator('main iframe').first()).toHaveAttribute('aria-busy', 'false');
  await attach();
  const files = page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
  await expect(files).toHaveText([/^Timber & Light.*\.eml/]);
  // What is written afterwards is saved over it.
  await page.getByLabel('Subject', { exact: true }).last().fill('A library');
  await expect(page.getByText(/Saved at/)).toBeVisible();
  await page.context().close();
});

test('files that are dropped are attached, and a dropped picture stands in the text', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await page.keyboard.press('c');
  const text = page.getByLabel('Message text').last();
  await expect(text).toBeVisible();
  const drop = (selector: string, name: string, type: string) =>
    page.evaluate(
      ([where, fileName, fileType]) => {
        const target = document.querySelector(where ?? '');
        const data = new DataTransfer();
        data.items.add(new File(['x'], fileName ?? '', { type: fileType ?? '' }));
        const box = target?.getBoundingClientRect();
        const place = { clientX: (box?.left ?? 0) + 20, clientY: (box?.top ?? 0) + 20 };
        for (const kind of ['dragenter', 'dragover', 'drop']) {
          const event = { dataTransfer: data, bubbles: true, cancelable: true, ...place };
          target?.dispatchEvent(new DragEvent(kind, event));
        }
      },
      [selector, name, type],
    );
  await drop('[data-composer] h2', 'dropped.txt', 'text/plain');
  await expect(page.getByRole('button', { name: 'Remove dropped.txt' })).toBeVisible();
  await drop('[data-composer] [role=textbox]', 'seen.png', 'image/png');
  await expect(text.getByRole('img', { name: 'seen' })).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Remove seen.png' })).toHaveCount(0);
  await page.context().close();
});
