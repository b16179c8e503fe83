import { describe, expect, it } from 'vitest';
import { contentLimits } from './limits.ts';
import { textFromHtml } from './text-from-html.ts';

describe('textFromHtml', () => {
  it('keeps the words and their lines, not the markup, styles, scripts or link targets', () => {
    const html =
      '<html><head><title>T</title><style>p{color:red}</style></head><body><h1>Hello</h1><p>Dear <b>all</b>,<br>see <a href="https://x.example/">this</a>&nbsp;&amp; that.</p><script>x()</script><img alt="A cat" src="x"></body></html>';
    const text = textFromHtml(html);
    expect(text).toMatch(/^Hello\n+Dear all,\nsee this\s& that\.\n+A cat$/);
  });

  it('puts the cells of layout tables on lines of their own', () => {
    expect(textFromHtml('<table><tr><td>one</td><td>two</td></tr><tr><td>three</td></tr></table>')).toBe(
      'one\ntwo\nthree',
    );
  });

  it('finds words behind nesting that the converter gives up on, and in a title that never ends', () => {
    expect(textFromHtml(`${'<div>'.repeat(20_000)}deep`)).toContain('deep');
    expect(textFromHtml('<title>everything else')).toBe('everything else');
  });

  it('holds no U+0000 and no lone surrogate', () => {
    expect(textFromHtml('<p>a&#0;b\u0000c&#xd800;d</p>')).toMatch(/^a\ufffd?bc\ufffd?d$/);
  });

  it('reads beyond the converted length and cuts at the stated one', () => {
    const filler = '<p>word</p>'.repeat(contentLimits.convertedHtmlLength / 10);
    expect(textFromHtml(`${filler}<p>the end</p>`)).toMatch(/the end$/);
    expect(textFromHtml('x'.repeat(3_000_000)).length).toBeLessThanOrEqual(contentLimits.textLength);
  });

  it.each([
    ['formatting', '<b><i>'.repeat(200_000)],
    ['tables', '<table><tr><td>'.repeat(100_000)],
    ['lists', '<ul><li>'.repeat(100_000)],
    ['open brackets', '<'.repeat(1_000_000)],
    ['open styles', '<style '.repeat(150_000)],
    ['ampersands', '&'.repeat(1_000_000)],
    ['blanks', `a${' '.repeat(1_000_000)}b`],
  ])('takes a megabyte of %s in bounded time', (_name, html) => {
    const started = performance.now();
    textFromHtml(html);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
