import { Mark } from '@tiptap/core';

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    colour: {
      /** Colours the selection; null gives it back the ordinary ink. */
      setColour: (colour: string | null) => ReturnType;
    };
  }
}

/** The colours that are offered. They travel in the mail, so they are none of the page's tokens; each reads on white and on black. */
export const colours = [
  { name: 'red', value: '#d03a2b' },
  { name: 'orange', value: '#b8620a' },
  { name: 'green', value: '#2c8a4b' },
  { name: 'blue', value: '#3d6fd9' },
  { name: 'violet', value: '#8a54c7' },
  { name: 'grey', value: '#767b85' },
] as const;

function colourOf(element: HTMLElement): string | null {
  return element.style.color || element.getAttribute('color') || null;
}

export const Colour = Mark.create({
  name: 'colour',
  addAttributes() {
    return {
      colour: {
        default: null,
        parseHTML: colourOf,
        renderHTML: ({ colour }) => (typeof colour === 'string' ? { style: `color: ${colour}` } : {}),
      },
    };
  },
  parseHTML() {
    const withColour = (element: HTMLElement) => (colourOf(element) === null ? false : {});
    return [
      { tag: 'span[style]', getAttrs: withColour, consuming: false },
      { tag: 'font[color]', getAttrs: withColour, consuming: false },
    ];
  },
  renderHTML: ({ HTMLAttributes }) => ['span', HTMLAttributes, 0],
  addCommands() {
    return {
      setColour:
        (colour) =>
        ({ commands }) =>
          colour === null ? commands.unsetMark(this.name) : commands.setMark(this.name, { colour }),
    };
  },
});
