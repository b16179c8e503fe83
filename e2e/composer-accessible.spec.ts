import { expect, test } from 'playwright/test';
import { rows, signInAs } from './stack/pages.ts';
import { violations } from './stack/violations.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`nothing of the composer has an accessibility violation in the ${theme} theme`, async ({
    browser,
  }) => {
    test.setTimeout(120_000);
    const page = await signInAs(browser, 'Anna', { colorScheme: theme });
    const text = page.getByLabel('Message text').last();
    await rows(page, 'Timber & Light').first().click();
    // Until the mail has its height, what stands below it moves away from under the pointer.
    await expect(page.frameLocator('main iframe').last().getByText('Read on')).toBeVisible();
    await page.getByRole('button', { name: 'Reply', exact: true }).last().click();
    await expect(text).toBeVisible();
    await page.getByRole('button', { name: 'Show what is quoted' }).click();
    expect(await violations(page), 'an answer below its mail').toEqual([]);
    await page.getByRole('button', { name: 'Full screen' }).click();
    await page.keyboard.press('Control+Shift+C');
    await page.keyboard.type('nowhere,');
    await text.click({ position: { x: 30, y: 20 } });
    await page.keyboard.type('words ');
    await page.keyboard.press('Control+k');
    await expect(page.getByLabel('Address of the link')).toBeFocused();
    expect(await violations(page), 'full screen, with a link asked for').toEqual([]);
    await page.keyboard.press('Escape');
    const composer = page.getByRole('dialog', { name: /^Message: / });
    await composer.getByRole('button', { name: 'More' }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    expect(await violations(page), 'its menu').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Other ways to send' }).click();
    await page.getByRole('menuitem', { name: 'Send later…' }).click();
    await expect(page.getByLabel('Or exactly at')).toBeVisible();
    expect(await violations(page), 'send later').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Discard this draft' }).click();
    await page.getByRole('button', { name: 'Settings' }).first().click();
    await page.getByRole('button', { name: /^Change anna@/ }).click();
    await expect(page.getByRole('textbox', { name: 'Signature' })).toBeVisible();
    expect(await violations(page), 'an identity').toEqual([]);
    await page.context().close();
  });
}
