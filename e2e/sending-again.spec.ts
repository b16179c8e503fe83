import { expect, type Page, test } from 'playwright/test';
import { rows, send, signInAs } from './stack/pages.ts';
import { person } from './stack/stack.ts';

const text = (page: Page) => page.getByLabel('Message text').last();
const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('words') });
const input = (page: Page) => page.locator('input[type=file][aria-label="Attach files"]').last();
const files = (page: Page) => page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');

/** The server hears of the next sending, and the page hears nothing of the answer. */
async function loseAnswer(page: Page): Promise<void> {
  await page.route(
    /submissions\.send/,
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
}

test('a mail whose sending got no answer, is taken back and sent again unchanged arrives, once', async ({
  browser,
}) => {
  const anna = await signInAs(browser, 'Anna');
  const ben = await signInAs(browser, 'Ben');
  const subject = `Sent after all ${Date.now()}`;
  await loseAnswer(anna);
  await send(anna, { to: person('Ben').email, subject, text: 'At last.' });
  // The server has it, and the page hears of that by another way.
  await anna.getByRole('button', { name: 'Undo' }).click();
  await expect(anna.getByText('Taken back. It is a draft again.')).toBeVisible();
  await expect(anna.getByLabel('Message text')).toHaveCount(1);
  await expect(rows(ben, subject)).toHaveCount(0);
  await text(anna).press('Control+Enter');
  await expect(anna.getByText(`Sent “${subject}”`)).toBeVisible({ timeout: 40_000 });
  await expect(rows(ben, subject)).toHaveCount(1, { timeout: 30_000 });
  await rows(ben, subject).click();
  await expect(ben.getByRole('article')).toHaveCount(1);
  await anna.context().close();
  await ben.context().close();
});

test('what is written on after a sending without an answer is kept as a new draft, and goes as a second mail', async ({
  browser,
}) => {
  const anna = await signInAs(browser, 'Anna');
  const ben = await signInAs(browser, 'Ben');
  const subject = `Written on ${Date.now()}`;
  await loseAnswer(anna);
  await send(anna, { to: person('Ben').email, subject: `${subject} one`, text: 'First.' });
  await expect(anna.getByText('Mailroom did not answer.', { exact: false })).toBeVisible();
  await anna.getByLabel('Subject', { exact: true }).last().fill(`${subject} two`);
  await anna.getByRole('button', { name: 'Keep this as a new draft' }).click();
  await expect(anna.getByText(/Saved at/)).toBeVisible();
  await text(anna).press('Control+Enter');
  await expect(rows(ben, `${subject} one`)).toHaveCount(1, { timeout: 40_000 });
  await expect(rows(ben, `${subject} two`)).toHaveCount(1, { timeout: 40_000 });
  await anna.context().close();
  await ben.context().close();
});

test('an answer that is kept as a new draft takes its file along, and stays in its conversation', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const anna = await signInAs(browser, 'Anna');
  const ben = await signInAs(browser, 'Ben');
  const subject = `Answered ${Date.now()}`;
  await send(ben, { to: person('Anna').email, subject, text: 'A question.' });
  await expect(rows(anna, subject)).toHaveCount(1, { timeout: 40_000 });
  await rows(anna, subject).click();
  await expect(anna.getByRole('article')).toHaveCount(1);
  await anna.keyboard.press('r');
  await text(anna).click();
  await anna.keyboard.type('First. ');
  await input(anna).setInputFiles(file('plan.txt'));
  await expect(files(anna)).toHaveText([/plan\.txt/]);
  await expect(anna.getByText(/Saved at/)).toBeVisible();
  await loseAnswer(anna);
  await text(anna).press('Control+Enter');
  await expect(anna.getByText('Mailroom did not answer.', { exact: false })).toBeVisible();
  await text(anna).press('Control+Home');
  await anna.keyboard.type('Second. ');
  await anna.getByRole('button', { name: 'Keep this as a new draft' }).click();
  await expect(anna.getByText(/Saved at/)).toBeVisible();
  await expect(files(anna)).toHaveText([/plan\.txt/]);
  await text(anna).press('Control+Enter');
  // Both are answers in the one conversation, and each brings the file.
  await expect(rows(ben, subject)).toHaveCount(1);
  await expect(rows(ben, subject)).toContainText('Second.', { timeout: 40_000 });
  // What is unread stands open.
  await rows(ben, subject).click();
  await expect(ben.getByRole('article').getByText('plan.txt', { exact: true })).toHaveCount(2);
  await anna.context().close();
  await ben.context().close();
});

test('a file that one window attaches is seen in the other, and both write on without a conflict', async ({
  browser,
}) => {
  const one = await signInAs(browser, 'Anna');
  const other = await signInAs(browser, 'Anna');
  const subject = `Two windows ${Date.now()}`;
  await one.keyboard.press('c');
  await expect(text(one)).toBeVisible();
  await input(one).setInputFiles(file('first.txt'));
  await one.getByLabel('Subject', { exact: true }).last().fill(subject);
  await expect(files(one)).toHaveText([/first\.txt/]);
  await expect(one.getByText(/Saved at/)).toBeVisible();
  await other.getByRole('link', { name: 'Drafts' }).first().click();
  await other.getByRole('button', { name: `Open the draft “${subject}”` }).click();
  await expect(files(other)).toHaveText([/first\.txt/]);
  for (const name of ['second.txt', 'third.txt']) {
    await input(one).setInputFiles(file(name));
    await expect(files(one).last()).toContainText(name);
  }
  await expect(files(other)).toHaveText([/first\.txt/, /second\.txt/, /third\.txt/]);
  await text(other).fill('Written in the other window');
  await expect(text(one)).toHaveText('Written in the other window');
  await one.getByRole('button', { name: 'Remove first.txt' }).click();
  await expect(files(other)).toHaveText([/second\.txt/, /third\.txt/]);
  await one.getByLabel('Subject', { exact: true }).last().fill(`${subject}!`);
  await expect(other.getByLabel('Subject', { exact: true }).last()).toHaveValue(`${subject}!`);
  for (const page of [one, other]) {
    await expect(page.getByText('This draft was changed in another window.')).toHaveCount(0);
    await expect(files(page)).toHaveCount(2);
  }
  await one.getByRole('button', { name: 'Discard this draft' }).click();
  await one.context().close();
  await other.context().close();
});
