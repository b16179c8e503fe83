import { expect, type Locator, type Page, test } from 'playwright/test';
import { ownMailbox, rawMail } from './stack/mailbox.ts';
import { connectAccount, rows, signInAs } from './stack/pages.ts';
import { paste, redDot } from './stack/paste.ts';

const text = (page: Page) => page.getByLabel('Message text').last();

async function compose(page: Page): Promise<Locator> {
  await page.keyboard.press('c');
  await expect(text(page)).toBeVisible();
  return text(page);
}

test('text is formatted by keys and by what is typed, and Tab leaves it', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const editor = await compose(page);
  await editor.click();
  await page.keyboard.type('plain ');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('bold');
  await page.keyboard.press('Control+b');
  await page.keyboard.type(' see www.example.com \n- one\ntwo\n\n');
  await page.keyboard.press('Control+Shift+9');
  await page.keyboard.type('cited');
  await expect(editor.locator('strong')).toHaveText('bold');
  await expect(editor.locator('a')).toHaveAttribute('href', /^https?:\/\/www\.example\.com\/?$/);
  await expect(editor.locator('li')).toHaveText(['one', 'two']);
  await expect(editor.locator('blockquote')).toHaveText('cited');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+\\');
  await expect(editor.locator('strong, blockquote, li')).toHaveCount(0);
  await page.keyboard.press('Tab');
  await expect(editor).not.toBeFocused();
  await page.context().close();
});

test('the bar is one stop for Tab, its arrows go through it, and it can be hidden', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const editor = await compose(page);
  await editor.click();
  const bar = page.getByRole('toolbar', { name: 'Formatting' });
  await page.keyboard.press('Tab');
  await expect(bar.getByRole('button', { name: 'Bold' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.type('leaning');
  await expect(editor.locator('em')).toHaveText('leaning');
  await expect(bar.getByRole('button', { name: 'Italic' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Hide formatting' }).click();
  await expect(bar).toHaveCount(0);
  await page.getByRole('button', { name: 'Show formatting' }).click();
  await expect(bar).toBeVisible();
  await page.context().close();
});

test('a link is asked for by its key, refused where it is none, and taken away', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const editor = await compose(page);
  await editor.click();
  await page.keyboard.type('here');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+k');
  const address = page.getByLabel('Address of the link');
  await address.fill('javascript:alert(1)');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This is no web or mail address.')).toBeVisible();
  await address.fill('example.org/a');
  await page.keyboard.press('Enter');
  await expect(editor.locator('a')).toHaveAttribute('href', 'https://example.org/a');
  await page.keyboard.press('Control+k');
  await page.getByRole('button', { name: 'Remove the link' }).click();
  await expect(editor.locator('a')).toHaveCount(0);
  await page.context().close();
});

const fromWord = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{font-family:Calibri;color:black}</style></head><body>
<p class=MsoNormal style='font-size:11.0pt'><b>Agenda</b><o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><span style='font-family:Symbol'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span>First<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><span>o<span>&nbsp;&nbsp; </span></span>Within<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><span>·<span>&nbsp;&nbsp; </span></span>Second<o:p></o:p></p>
<p class=MsoNormal><span style='color:#C00000'>Red</span> and <span style='color:black'>black</span></p></body></html>`;

test('what is pasted from Word keeps its structure and loses its looks', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const editor = await compose(page);
  await editor.click();
  await paste(editor, { html: fromWord });
  await expect(editor.locator('strong')).toHaveText('Agenda');
  await expect(editor.locator('> ul > li').first()).toContainText('First');
  await expect(editor.locator('> ul > li').first().locator('ul > li')).toHaveText('Within');
  await expect(editor.locator('> ul > li')).toHaveCount(2);
  await expect(editor).not.toContainText('·');
  await expect(editor.locator('span[style*="color"]')).toHaveText('Red');
  expect(await editor.evaluate((element) => element.innerHTML)).not.toMatch(/Calibri|Mso|font-size/);
  await page.context().close();
});

test('what is pasted from a page runs nothing and fetches nothing', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const editor = await compose(page);
  await editor.click();
  await paste(editor, {
    html: `<p onclick="window.pwned=1">Hello <img src="https://tracker.example/p.gif" onerror="window.pwned=1" alt="photo">
      <a href="javascript:window.pwned=1">link</a><script>window.pwned=1</script>
      <svg><animate onbegin="window.pwned=1"></svg><div style="background:url(https://tracker.example/b)">bg</div>
      <math><mtext><table><mglyph><style><img src onerror="window.pwned=1"></style></table></mtext></math></p>`,
  });
  await expect(editor).toContainText('Hello');
  await expect(editor).toContainText('photo');
  await expect(page.getByText(/Saved at/)).toBeVisible();
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
  expect(asked.filter((url) => url.includes('tracker.example'))).toEqual([]);
  expect(await editor.evaluate((element) => element.innerHTML)).not.toMatch(
    /javascript:|onerror|onclick|tracker/,
  );
  await page.context().close();
});

test('a hostile draft does nothing when it is opened in the editor', async ({ browser }) => {
  test.setTimeout(120_000);
  const mailbox = await ownMailbox();
  const subject = `Trap ${Date.now()}`;
  const html = `<p>Before</p><style>@import url(https://tracker.example/c);</style><img src=x onerror="window.pwned=1">
    <form action="https://tracker.example/f"><input name=a></form><iframe srcdoc="<script>parent.pwned=1</script>"></iframe>
    </blockquote></div></div><script>window.pwned=1</script><a href="javascript:window.pwned=1">x</a><p>After</p>`;
  await mailbox.client.append('INBOX', rawMail(subject, html, 'Content-Type: text/html; charset=utf-8'));
  const page = await signInAs(browser, 'Ben');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, mailbox);
  await page
    .getByRole('link', { name: new RegExp(mailbox.address) })
    .first()
    .click({ timeout: 30_000 });
  await rows(page, subject).click({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Reply', exact: true }).last().click();
  await expect(text(page)).toBeVisible();
  await page.keyboard.type('Safe?');
  await page.getByRole('button', { name: 'Show what is quoted' }).click();
  const frame = page.frameLocator('[data-quote] iframe');
  await expect(frame.getByText('Before')).toBeVisible();
  await expect(frame.getByText('After')).toBeVisible();
  await expect(frame.locator('form, input, iframe, script')).toHaveCount(0);
  await page.getByRole('button', { name: 'Write in it' }).click();
  await expect(text(page).locator('blockquote')).toContainText('After');
  await expect(page.getByText(/Saved at/)).toBeVisible();
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
  expect(asked.filter((url) => url.includes('tracker.example'))).toEqual([]);
  await page.context().close();
  mailbox.client.close();
});

test('a picture that is pasted stands in the text, also after a reload, and is attached to plain text', async ({
  browser,
}) => {
  const page = await signInAs(browser, 'Anna');
  const editor = await compose(page);
  await editor.click();
  await page.keyboard.type('Look: ');
  await paste(editor, { file: { name: 'dot.png', base64: redDot } });
  const picture = text(page).getByRole('img', { name: 'dot' });
  await expect(picture).toBeVisible();
  await expect(page.getByText(/Saved at/)).toBeVisible();
  await page.reload();
  await expect(picture).toHaveAttribute('src', /^\/api\/drafts\//);
  await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(5);
  const attached = page.getByRole('button', { name: 'Remove dot.png' });
  await text(page).press('Control+a');
  await page.keyboard.press('Delete');
  await expect(picture).toHaveCount(0);
  await expect(attached).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(picture).toBeVisible();
  const composer = page.getByRole('dialog', { name: /^Message: / });
  await composer.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Write in plain text' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(attached).toBeVisible();
  await page.context().close();
});

test('going to plain text asks before formatting is lost, and keeps the words', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const editor = await compose(page);
  await editor.click();
  await page.keyboard.type('one ');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('two');
  const composer = page.getByRole('dialog', { name: /^Message: / });
  await composer.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Write in plain text' }).click();
  await page.getByRole('button', { name: 'Keep formatting' }).click();
  await expect(editor.locator('strong')).toHaveText('two');
  await composer.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Write in plain text' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(text(page)).toHaveValue('one two');
  await composer.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Write with formatting' }).click();
  await expect(text(page)).toHaveText('one two');
  await page.context().close();
});

test('what is quoted is folded, can be left out, and put back', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await rows(page, 'Harbour house').first().click();
  await page.getByRole('button', { name: 'Reply', exact: true }).last().click();
  const dots = page.getByRole('button', { name: 'Show what is quoted' });
  await dots.click();
  await expect(page.frameLocator('[data-quote] iframe').locator('blockquote')).toBeVisible();
  await page.getByRole('button', { name: 'Leave it out' }).click();
  await expect(page.locator('[data-quote]')).toHaveCount(0);
  const composer = page.getByRole('dialog', { name: /^Message: / });
  await composer.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Put the quote back' }).click();
  await expect(dots).toBeVisible();
  await page.context().close();
});
