import { expect, type Page, test } from 'playwright/test';
import { rows, send, signInAs } from './stack/pages.ts';
import { person } from './stack/stack.ts';

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true }).last();
const chip = (page: Page, address: string) => page.getByRole('button', { name: `Remove ${address}` });

test('somebody written to before is completed by the keys', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const ben = person('Ben').email;
  for (const who of [person('Anna'), person('Ben')]) {
    const subject = `So that ${who.name} is known ${Date.now()}`;
    await send(page, { to: who.email, subject, text: 'Hello' });
    await expect(page.getByText(`Sent “${subject}”`)).toBeVisible({ timeout: 40_000 });
  }
  await page.keyboard.press('c');
  const to = field(page, 'To');
  // Keys and pointer mean one and the same person.
  await to.pressSequentially('demo');
  // Whoever has several accounts has options to send from as well.
  const options = page.getByRole('listbox').getByRole('option');
  const last = options.last();
  await expect(options.nth(1)).toBeVisible();
  await last.hover();
  await expect(last).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await expect(last).toHaveAttribute('aria-selected', 'false');
  await expect(page.getByRole('listbox').getByRole('option', { selected: true })).toHaveCount(1);
  const washes = await options.evaluateAll((all) =>
    all.map((option) => getComputedStyle(option).backgroundColor),
  );
  expect(washes.filter((colour) => colour !== washes.at(-1))).toHaveLength(1);
  await to.fill('');

  await to.pressSequentially('be');
  const option = page.getByRole('option', { name: new RegExp(ben) });
  await expect(option).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(option).toHaveCount(0);
  await to.pressSequentially('n');
  await expect(option).toBeVisible();
  while ((await option.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
  await expect(to).toHaveAttribute('aria-activedescendant', (await option.getAttribute('id')) ?? 'none');
  await page.keyboard.press('Tab');
  await expect(chip(page, ben)).toBeVisible();
  await expect(to).toBeFocused();
  await page.context().close();
});

test('addresses are typed, corrected, counted once, and said to be wrong', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await page.keyboard.press('c');
  const to = field(page, 'To');
  await to.pressSequentially('"Lee, Ann" <ann@x.example>, bob@x.example;cy@x.example');
  await page.keyboard.press('Enter');
  for (const name of ['ann', 'bob', 'cy']) await expect(chip(page, `${name}@x.example`)).toBeVisible();
  await to.pressSequentially('BOB@x.example,');
  await expect(page.getByRole('button', { name: /^Remove bob@/i })).toHaveCount(1);
  await page.keyboard.press('Backspace');
  await expect(to).toHaveValue('cy@x.example');
  await to.fill('nowhere');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /nowhere, not a complete address/ })).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Correct the marked addresses first.')).toBeVisible();
  await to.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Delete');
  await expect(chip(page, 'nowhere')).toHaveCount(0);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(to).toHaveValue('"Lee, Ann" <ann@x.example>');
  await page.context().close();
});

test('Cc and Bcc come by their keys, and people are dragged from one to the other', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await page.keyboard.press('c');
  await field(page, 'To').pressSequentially('a@x.example,b@x.example,');
  await expect(field(page, 'Cc')).toHaveCount(0);
  await page.keyboard.press('Control+Shift+C');
  await expect(field(page, 'Cc')).toBeFocused();
  await page.keyboard.press('Control+Shift+B');
  await expect(field(page, 'Bcc')).toBeFocused();
  const rowOf = (name: string) => page.locator('[data-recipients]').filter({ has: field(page, name) });
  await page.locator('[draggable=true]').filter({ hasText: 'b@x.example' }).dragTo(rowOf('Bcc'));
  await expect(rowOf('Bcc').getByText('b@x.example')).toBeVisible();
  await expect(rowOf('To').getByText('b@x.example')).toHaveCount(0);
  await page.context().close();
});

test('a mailto: link’s address is saved, though nothing else is written', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await expect(rows(page).first()).toBeVisible();
  await rows(page, 'Timber & Light').first().click();
  await expect(page.locator('main iframe').first()).toHaveAttribute('aria-busy', 'false');
  const saved = page.waitForResponse((response) => response.url().includes('drafts.save') && response.ok());
  // No mail of the demo has such a link: a link in a mail's text does the same.
  await page.evaluate(() => {
    const frame = document.querySelector('main iframe');
    const link = document.createElement('a');
    link.href = 'mailto:somebody@x.example?bcc=spy@x.example';
    link.textContent = 'Write to us';
    if (frame instanceof HTMLIFrameElement) frame.contentDocument?.body.append(link);
  });
  await page.frameLocator('main iframe').first().getByText('Write to us').click();
  await saved;
  await expect(chip(page, 'somebody@x.example')).toBeVisible();
  await expect(chip(page, 'spy@x.example')).toHaveCount(0);
  await page.context().close();
});
