import { Node } from '@tiptap/core';

/** Where a picture of the draft can be seen by now; null while it cannot. */
export type ResolvePicture = (contentId: string) => string | null;

export interface PictureOptions {
  resolve: ResolvePicture;
  /** Called back whenever `resolve` may answer otherwise. Returns what ends it. */
  onPicturesChange: (listener: () => void) => () => void;
  /** What stands for a picture that is elsewhere, or gone. */
  missingLabel: string;
}

const ownData = /^data:image\//i;
const cid = /^cid:/i;

function sourceOf(source: unknown, resolve: ResolvePicture): string | null {
  if (typeof source !== 'string') return null;
  if (cid.test(source)) return resolve(source.slice(4));
  // Nothing on the web is fetched while somebody writes; the address stays in the mail.
  return ownData.test(source) ? source : null;
}

/** A picture in the text: a part of the draft by its Content-ID. */
export const Picture = Node.create<PictureOptions>({
  name: 'picture',
  group: 'inline',
  inline: true,
  draggable: true,
  addOptions: () => ({ resolve: () => null, onPicturesChange: () => () => undefined, missingLabel: '' }),
  addAttributes: () => ({
    src: { default: null },
    alt: { default: '' },
    title: { default: null },
    width: { default: null },
    height: { default: null },
  }),
  parseHTML: () => [{ tag: 'img[src]' }],
  renderHTML: ({ HTMLAttributes }) => ['img', HTMLAttributes],
  renderText: ({ node }) => (node.attrs.alt ? `[${node.attrs.alt}]` : ''),
  addNodeView() {
    const { resolve, onPicturesChange, missingLabel } = this.options;
    return ({ node }) => {
      const dom = document.createElement('span');
      dom.dataset.picture = '';
      const image = document.createElement('img');
      const note = document.createElement('span');
      note.textContent = node.attrs.alt || missingLabel;
      image.alt = node.attrs.alt;
      for (const side of ['width', 'height'] as const) {
        if (node.attrs[side] !== null) image.setAttribute(side, String(node.attrs[side]));
      }
      const show = () => {
        const source = sourceOf(node.attrs.src, resolve);
        if (source !== null && image.getAttribute('src') !== source) image.src = source;
        dom.replaceChildren(source === null ? note : image);
      };
      show();
      return { dom, destroy: onPicturesChange(show) };
    };
  },
});
