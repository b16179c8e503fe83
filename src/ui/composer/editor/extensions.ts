import type { Extensions } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { isSafeLink } from '#ui/reader/safe-link.ts';
import { Colour } from './colour-mark.ts';
import { Keys } from './keys.ts';
import { Picture, type PictureOptions } from './picture-node.ts';
import { Quote } from './quote-node.ts';
import type { QuoteViewOptions } from './quote-view.ts';
import { Signature } from './signature-node.ts';
import { Direction, Item, Line } from './text-nodes.ts';

export interface EditorSurroundings {
  pictures: PictureOptions;
  quote: QuoteViewOptions;
  /** Somebody asks for a link by its key. */
  onLink: () => void;
}

const named = /^[a-z][a-z\d+.-]*:/i;

/** What a mail can be made of, and how it behaves while it is written. */
export function editorExtensions({ pictures, quote, onLink }: EditorSurroundings): Extensions {
  return [
    StarterKit.configure({
      paragraph: false,
      listItem: false,
      trailingNode: false,
      heading: { levels: [1, 2, 3] },
      link: {
        openOnClick: false,
        defaultProtocol: 'https',
        HTMLAttributes: { target: null, rel: null, class: null },
        isAllowedUri: (address, { defaultValidate }) =>
          defaultValidate(address) && (!named.test(address) || isSafeLink(address)),
      },
    }),
    Line,
    Item,
    Keys.configure({ onLink }),
    Colour,
    Direction,
    Signature,
    Picture.configure(pictures),
    Quote.configure(quote),
  ];
}
