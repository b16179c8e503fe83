import { Fragment, type ResolvedPos, Slice } from '@tiptap/pm/model';

/** Pasted plain text, line by line: also the empty ones, which the library's own reading would leave out. */
export function pastedLines(text: string, context: ResolvedPos): Slice {
  const { schema } = context.doc.type;
  const marks = context.marks();
  const lines = text.split(/\r\n?|\n/).map((line) => {
    return schema.node('paragraph', null, line === '' ? [] : [schema.text(line, marks)]);
  });
  return new Slice(Fragment.from(lines), 1, 1);
}
