/** The package ships no types; this declares what is used of it. */
declare module 'html-to-text' {
  interface Builder {
    addInline(text: string): void;
    openBlock(options: { leadingLineBreaks?: number }): void;
    closeBlock(options: { trailingLineBreaks?: number }): void;
  }
  interface DomNode {
    attribs?: Readonly<Record<string, string>>;
  }
  type Formatter = (element: DomNode, walk: unknown, builder: Builder, options: unknown) => void;
  interface Options {
    wordwrap?: number | false;
    decodeEntities?: boolean;
    formatters?: Readonly<Record<string, Formatter>>;
    limits?: { maxDepth?: number; maxChildNodes?: number; ellipsis?: string; maxInputLength?: number };
    selectors?: readonly { selector: string; format?: string; options?: Readonly<Record<string, unknown>> }[];
  }
  export function compile(options: Options): (html: string) => string;
}
