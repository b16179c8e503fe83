import { Extension, Node, type RawCommands } from '@tiptap/core';
import { ListItem } from '@tiptap/extension-list';

/** Nodes whose direction is their own: an Arabic line between English ones reads from the right. */
const directed = ['paragraph', 'heading', 'bulletList', 'orderedList', 'codeBlock'];

export const Direction = Extension.create({
  name: 'direction',
  addGlobalAttributes() {
    return [
      {
        types: directed,
        attributes: {
          dir: {
            default: 'auto',
            parseHTML: (element) => {
              const dir = element.getAttribute('dir');
              return dir === 'ltr' || dir === 'rtl' ? dir : 'auto';
            },
          },
        },
      },
    ];
  },
});

/**
 * A line of a mail. It is written as `div`: a `p` has margins in other programs, and what was one line apart here
 * would be two lines apart there.
 */
export const Line = Node.create({
  name: 'paragraph',
  priority: 1000,
  group: 'block',
  content: 'inline*',
  parseHTML: () => [{ tag: 'p' }, { tag: 'div' }],
  renderHTML: ({ HTMLAttributes }) => ['div', HTMLAttributes, 0],
  addCommands(): Partial<RawCommands> {
    return {
      setParagraph:
        () =>
        ({ commands }) =>
          commands.setNode(this.name),
    };
  },
});

/** Tab always moves the focus: lists go in and out by Mod-] and Mod-[. */
export const Item = ListItem.extend({
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      'Mod-]': () => this.editor.commands.sinkListItem(this.name),
      'Mod-[': () => this.editor.commands.liftListItem(this.name),
    };
  },
});
