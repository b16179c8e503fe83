import { describe, expect, it } from 'vitest';
import { contentDisposition, inlineType } from './attachment-headers.ts';

describe('contentDisposition', () => {
  it('stays one line with closed quotes whatever the name holds', () => {
    const value = contentDisposition('attachment', 'a"\r\nSet-Cookie: x=1;.html');
    expect(value).not.toMatch(/[\r\n]/);
    expect(value.match(/"/g)).toHaveLength(2);
  });

  it('gives the whole name in UTF-8 beside a plain one', () => {
    expect(contentDisposition('inline', 'Grüße (1).pdf')).toBe(
      'inline; filename="Gr__e (1).pdf"; filename*=UTF-8\'\'Gr%C3%BC%C3%9Fe%20%281%29.pdf',
    );
  });

  it('takes a name with a lone surrogate', () => {
    expect(contentDisposition('attachment', 'a\ud800b')).toContain("filename*=UTF-8''a%EF%BF%BDb");
  });
});

describe('inlineType', () => {
  it('shows no type that can run', () => {
    for (const type of [
      'image/svg+xml',
      'text/html',
      'application/xhtml+xml',
      'text/xml',
      'application/pdf',
    ]) {
      expect(inlineType(type)).toBeNull();
    }
    expect(inlineType('IMAGE/JPG')).toBe('image/jpeg');
  });
});
