import { type Browser, expect, type Page, test } from 'playwright/test';
import { rows } from './stack/pages.ts';
import { person, stack } from './stack/stack.ts';

/** Anna's inbox on a screen of this size, touched where `isTouched`. */
async function inboxOn(browser: Browser, width: number, isTouched: boolean): Promise<Page> {
  const context = await browser.newContext({
    baseURL: stack().address,
    viewport: { width, height: 800 },
    hasTouch: isTouched,
    isMobile: isTouched,
  });
  const page = await context.newPage();
  const { email, password } = person('Anna');
  await page.goto('/sign-in');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(rows(page).first()).toBeVisible();
  return page;
}

const screens = [
  [320, true],
  [390, true],
  [768, true],
  [768, false],
  [1024, false],
  [1440, false],
] as const;

for (const [width, isTouched] of screens) {
  const kind = isTouched ? 'touched' : 'with a mouse';
  test(`the reader's bar fits on ${width} pixels, ${kind}, and its menu has the rest`, async ({
    browser,
  }) => {
    const page = await inboxOn(browser, width, isTouched);
    await rows(page, 'Harbour house').first().click();
    const bar = page.getByRole('toolbar', { name: 'Actions', exact: true });
    await expect(bar).toBeVisible();
    const right = await bar.evaluate((element) => element.getBoundingClientRect().right);
    expect(right).toBeLessThanOrEqual(width);
    for (const button of await bar.getByRole('button').all()) {
      const box = await button.boundingBox();
      if (box === null) continue;
      expect(box.x + box.width).toBeLessThanOrEqual(right);
    }
    const position = bar.getByText(/^\d+ of \d+$/);
    if (await position.isVisible()) expect((await position.boundingBox())?.height).toBeLessThan(24);
    await bar.getByRole('button', { name: 'More actions' }).click();
    for (const name of ['Junk', 'Move to…', 'Next conversation']) {
      await expect(page.getByRole('menuitem', { name })).toBeVisible();
    }
    await page.context().close();
  });
}

test('the key for more opens the menu, and Escape closes it alone', async ({ browser }) => {
  const page = await inboxOn(browser, 1440, false);
  await rows(page, 'Harbour house').first().click();
  await expect(page.getByRole('toolbar', { name: 'Actions', exact: true })).toBeVisible();
  for (const _ of [1, 2]) {
    await page.keyboard.press('.');
    await expect(page.getByRole('menuitem', { name: 'Copy to…' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menuitem')).toHaveCount(0);
    await expect(page.getByRole('toolbar', { name: 'Actions', exact: true })).toBeVisible();
  }
});

test('a row that a finger taps keeps its words free, and its edge selects it', async ({ browser }) => {
  const page = await inboxOn(browser, 768, true);
  const row = rows(page, 'Harbour house').first();
  await row.tap();
  await expect(page.getByRole('toolbar', { name: 'Actions', exact: true })).toBeVisible();
  await expect(row.getByRole('button', { name: 'Archive' })).toBeHidden();
  await expect(row.getByRole('checkbox')).toHaveCSS('opacity', '0');
  const box = await row.boundingBox();
  if (box === null) throw new Error('The row is not on the screen.');
  await page.touchscreen.tap(box.x + 10, box.y + box.height / 2);
  await expect(row.getByRole('checkbox')).toBeChecked();
  expect((await row.getByRole('checkbox').boundingBox())?.width).toBeLessThan(24);
});

test('the star says whether it is set, in the bar and in the row', async ({ browser }) => {
  const page = await inboxOn(browser, 1440, false);
  const row = rows(page, 'Harbour house').first();
  await row.click();
  const bar = page.getByRole('toolbar', { name: 'Actions', exact: true });
  const star = bar.getByRole('button', { name: 'Star', exact: true });
  const unstar = bar.getByRole('button', { name: 'Unstar', exact: true });
  // Whichever it is: there and back, so that the next test finds the mail as it was.
  await expect(star.or(unstar)).toBeVisible();
  const wasStarred = await unstar.isVisible();
  await star.or(unstar).click();
  for (const isStarred of [!wasStarred, wasStarred]) {
    const shown = isStarred ? unstar : star;
    await expect(shown).toHaveAttribute('aria-pressed', String(isStarred));
    await row.hover();
    await expect(row.getByRole('button', { name: isStarred ? 'Unstar' : 'Star', exact: true })).toBeVisible();
    if (isStarred !== wasStarred) await shown.click();
  }
});
