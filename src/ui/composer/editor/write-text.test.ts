import { getSchema } from '@tiptap/core';
import { Node } from '@tiptap/pm/model';
import { describe, expect, it } from 'vitest';
import { editorExtensions } from './extensions.ts';
import { pastedLines } from './pasted-lines.ts';
import { hasFormatting, writeText } from './write-text.ts';

const nothing = () => undefined;
const schema = getSchema(
  editorExtensions({
    pictures: { resolve: () => null, onPicturesChange: () => nothing, missingLabel: '' },
    quote: {
      words: { show: '', hide: '', edit: '', remove: '', frame: '' },
      findPart: () => null,
      onEdit: nothing,
      onRemove: nothing,
    },
    onLink: nothing,
  }),
);

type Json = Record<string, unknown>;
const text = (words: string, ...marks: Json[]): Json => ({ type: 'text', text: words, marks });
const line = (...content: (Json | string)[]): Json => ({
  type: 'paragraph',
  content: content.map((each) => (typeof each === 'string' ? text(each) : each)),
});
const block = (type: string, ...content: Json[]): Json => ({ type, content });
const item = (...content: Json[]) => block('listItem', ...content);
const link = (href: string): Json => ({ type: 'link', attrs: { href } });
const doc = (...content: Json[]) => Node.fromJSON(schema, { type: 'doc', content });
const written = (...content: Json[]) => writeText(doc(...content), (html) => `<${html}>`);

describe('a formatted text without its formatting', () => {
  it('has a line for each line, the empty ones too', () => {
    expect(written(line('one'), line(), line('two', { type: 'hardBreak' }, 'three'))).toBe(
      'one\n\ntwo\nthree',
    );
  });

  it('has lists with their signs, and what is within them further in', () => {
    const inner = block('bulletList', item(line('b')), item(line('c')));
    expect(written(block('bulletList', item(line('a'), inner), item(line('d'))))).toBe(
      '- a\n  - b\n  - c\n- d',
    );
    expect(written({ ...block('orderedList', item(line('a')), item(line('b'))), attrs: { start: 9 } })).toBe(
      '9. a\n10. b',
    );
  });

  it('quotes as mail does', () => {
    expect(written(block('blockquote', line('a'), line(), block('blockquote', line('b'))))).toBe(
      '> a\n>\n>> b',
    );
  });

  it('names a link’s address where its words do not', () => {
    expect(written(line(text('here', link('https://x.org/a'))))).toBe('here <https://x.org/a>');
    expect(written(line(text('x.org/a', link('https://x.org/a'))))).toBe('x.org/a');
    expect(written(line(text('a@x.org', link('mailto:a@x.org'))))).toBe('a@x.org');
  });

  it('marks the signature, and holds what is quoted whole', () => {
    expect(
      written(line('a'), block('signature', line('Anna')), { type: 'quote', attrs: { html: 'q' } }),
    ).toBe('a\n-- \nAnna\n<q>');
  });
});

describe('whether plain text would lose something', () => {
  it.each([
    [false, line('words')],
    [false, line(text('x.org', link('https://x.org')))],
    [false, block('blockquote', line('a'))],
    [true, line(text('bold', { type: 'bold' }))],
    [true, line(text('here', link('https://x.org')))],
    [true, block('bulletList', item(line('a')))],
    [true, line({ type: 'picture', attrs: { src: 'cid:a' } })],
  ])('says %s', (isLost, content) => {
    expect(hasFormatting(doc(content))).toBe(isLost);
  });
});

describe('pasted plain text', () => {
  it('keeps its empty lines', () => {
    const { content } = pastedLines('a\r\n\r\nb\nc', doc(line()).resolve(1));
    expect(content.content.map((node) => node.textContent)).toEqual(['a', '', 'b', 'c']);
  });
});
