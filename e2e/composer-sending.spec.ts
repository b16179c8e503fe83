import { expect, type Page, test } from 'playwright/test';
import { rows, send, signInAs } from './stack/pages.ts';
import { person } from './stack/stack.ts';

const text = (page: Page) => page.getByLabel('Message text').last();

async function write(page: Page, subject: string, words: string): Promise<void> {
  await page.getByRole('button', { name: 'Compose' }).first().click();
  await page.getByLabel('To', { exact: true }).last().fill(person('Ben').email);
  await page.keyboard.press('Enter');
  await page.getByLabel('Subject', { exact: true }).last().fill(subject);
  await text(page).click();
  await page.keyboard.type(words);
}

async function openOutbox(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Outbox' }).first().click();
}

test('formatting arrives, with the same words as plain text', async ({ browser }) => {
  const anna = await signInAs(browser, 'Anna');
  const ben = await signInAs(browser, 'Ben');
  const subject = `Formatted ${Date.now()}`;
  await write(anna, subject, 'This is ');
  await anna.keyboard.press('Control+b');
  await anna.keyboard.type('important');
  await anna.keyboard.press('Control+Enter');
  await expect(anna.getByText(`Sending “${subject}”…`)).toBeVisible();
  await expect(anna.getByText(`Sent “${subject}”`)).toBeVisible({ timeout: 40_000 });
  await rows(ben, subject).click({ timeout: 30_000 });
  await expect(ben.frameLocator('main iframe').last().locator('strong, b')).toHaveText('important');
  await anna.context().close();
  await ben.context().close();
});

test('what may be forgotten is asked about, and sent when somebody says so', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await write(page, '', 'The file is attached.');
  await page.keyboard.press('Control+Enter');
  const panel = page.getByRole('alertdialog', { name: 'Before this is sent' });
  await expect(panel.getByRole('listitem')).toHaveText([
    'It has no subject.',
    'You wrote that a file is attached, but there is none.',
  ]);
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await page.getByLabel('Subject', { exact: true }).last().fill(`After all ${Date.now()}`);
  await text(page).press('Control+Enter');
  await expect(panel.getByRole('listitem')).toHaveCount(1);
  await expect(panel.getByRole('button', { name: 'Send anyway' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Sending “After all/)).toBeVisible();
  await page.context().close();
});

test('Undo is offered after a reload too, for as long as the server keeps the mail', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await page.getByRole('button', { name: 'Settings' }).first().click();
  await page.getByLabel('Time to take a message back').selectOption('60');
  await page.keyboard.press('Escape');
  const subject = `Held ${Date.now()}`;
  await send(page, { to: person('Ben').email, subject, text: 'Not yet' });
  await expect(page.getByText(`Sending “${subject}”…`)).toBeVisible();
  await page.reload();
  await expect(page.getByText(`Sending “${subject}”…`)).toBeVisible();
  // Other mails may be on their way too: each has a notice of its own.
  const notice = page.getByText(`Sending “${subject}”…`).locator('xpath=ancestor::*[.//button][1]');
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByLabel('Subject', { exact: true }).last()).toHaveValue(subject);
  await expect(text(page)).toHaveText('Not yet');
  // The key that takes back the last thing done takes this back too.
  await text(page).press('Control+Enter');
  await expect(page.getByText(`Sending “${subject}”…`)).toBeVisible();
  await page.keyboard.press('z');
  await expect(page.getByLabel('Subject', { exact: true }).last()).toHaveValue(subject);
  await page.getByRole('button', { name: 'Discard this draft' }).click();
  await page.getByRole('button', { name: 'Settings' }).first().click();
  await page.getByLabel('Time to take a message back').selectOption('10');
  await page.context().close();
});

test('a mail is sent later, at another time, and now', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const subject = `Later ${Date.now()}`;
  await write(page, subject, 'In time');
  await page.getByRole('button', { name: 'Other ways to send' }).click();
  await page.getByRole('menuitem', { name: 'Send later…' }).click();
  await page.getByRole('button', { name: /^Tomorrow morning/ }).click();
  await expect(page.getByText(new RegExp(`“${subject}” leaves`))).toBeVisible();
  await openOutbox(page);
  const scheduled = page
    .getByRole('region', { name: 'Scheduled' })
    .getByRole('listitem')
    .filter({ hasText: subject });
  await expect(scheduled).toContainText(/Leaves .*08:00/);
  await scheduled.getByRole('button', { name: 'Another time…' }).click();
  await page.getByLabel('Or exactly at').fill('2020-01-01T09:30');
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(page.getByText('Choose a time that is to come.')).toBeVisible();
  const day = new Date(Date.now() + 60 * 24 * 3_600_000).toISOString().slice(0, 10);
  await page.getByLabel('Or exactly at').fill(`${day}T09:30`);
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(scheduled).toContainText(/Leaves .*09:30/);
  await scheduled.getByRole('button', { name: 'Edit' }).click();
  await expect(text(page)).toHaveText('In time');
  await page.keyboard.type('Just ');
  await text(page).press('Control+Enter');
  await expect(page.getByText(`Sent “${subject}”`)).toBeVisible({ timeout: 40_000 });
  await page.context().close();
});

test('a scheduled mail is sent now when somebody says so, or thrown away with Undo', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const ben = await signInAs(browser, 'Ben');
  const subject = `Now after all ${Date.now()}`;
  for (const name of ['one', 'two']) {
    await write(page, `${subject} ${name}`, 'words');
    await page.getByRole('button', { name: 'Other ways to send' }).last().click();
    await page.getByRole('menuitem', { name: 'Send later…' }).click();
    await page.getByRole('button', { name: /^Tomorrow afternoon/ }).click();
    await expect(text(page)).toHaveCount(0);
  }
  await openOutbox(page);
  const item = (name: string) => page.getByRole('listitem').filter({ hasText: `${subject} ${name}` });
  await item('one').getByRole('button', { name: 'Send now' }).click();
  await expect(rows(ben, `${subject} one`)).toBeVisible({ timeout: 40_000 });
  await item('two').getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByText('Draft discarded')).toBeVisible();
  await expect(item('two')).toHaveCount(0);
  await page.context().close();
  await ben.context().close();
});

test('send and archive takes the conversation out of the inbox', async ({ browser }) => {
  const anna = await signInAs(browser, 'Anna');
  const ben = await signInAs(browser, 'Ben');
  const subject = `Done with ${Date.now()}`;
  await send(anna, { to: person('Ben').email, subject, text: 'Please answer' });
  await rows(ben, subject).click({ timeout: 30_000 });
  await ben.getByRole('button', { name: 'Reply', exact: true }).last().click();
  await expect(text(ben)).toBeVisible();
  await ben.keyboard.type('Done.');
  await ben.keyboard.press('Control+Shift+Enter');
  await expect(ben.getByText(/^Sent “Re: Done with/)).toBeVisible({ timeout: 40_000 });
  await expect(rows(ben, subject)).toHaveCount(0, { timeout: 20_000 });
  await anna.context().close();
  await ben.context().close();
});

test('a signature of one’s own goes under what one writes, and follows the identity', async ({ browser }) => {
  const page = await signInAs(browser, 'Ben');
  const ben = person('Ben').email;
  await page.getByRole('button', { name: 'Settings' }).first().click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings
    .getByRole('button', { name: `Change ${ben}` })
    .first()
    .click();
  await settings.getByRole('textbox', { name: 'Signature' }).fill('Ben of the boats');
  await settings.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(settings.getByRole('textbox', { name: 'Signature' })).toHaveCount(0);
  await settings
    .getByRole('button', { name: /^Add an address of/ })
    .first()
    .click();
  await settings.getByLabel('Name', { exact: true }).fill('Sales');
  await settings.getByLabel('Address', { exact: true }).fill('sales@demo.example');
  await settings.getByRole('textbox', { name: 'Signature' }).fill('The sales people');
  await settings.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(settings.getByText('sales@demo.example')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await expect(text(page)).toContainText('Ben of the boats');
  await text(page).press('Control+Home');
  await page.keyboard.type('Words of mine.');
  await page.getByLabel('From', { exact: true }).selectOption({ label: 'Sales <sales@demo.example>' });
  await expect(text(page)).toContainText('The sales people');
  await expect(text(page)).not.toContainText('Ben of the boats');
  await expect(text(page)).toContainText('Words of mine.');
  await page.getByRole('button', { name: 'Discard this draft' }).click();
  await page.getByRole('button', { name: 'Settings' }).first().click();
  await settings.getByRole('button', { name: 'Change sales@demo.example' }).click();
  await settings.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(settings.getByText('sales@demo.example')).toHaveCount(0);
  await settings
    .getByRole('button', { name: `Change ${ben}` })
    .first()
    .click();
  await settings.getByRole('textbox', { name: 'Signature' }).fill('');
  await settings.getByRole('button', { name: 'Save', exact: true }).click();
  await page.context().close();
});
