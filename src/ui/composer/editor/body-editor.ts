import { Editor, getSchema, type JSONContent } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import type { Realm } from '#ui/reader/html-frame/realm.ts';
import { droppedFiles, fileOfData, type IncomingFiles, pastedFiles, sortedFiles } from './clipboard-files.ts';
import { type EditorSurroundings, editorExtensions } from './extensions.ts';
import { pastedLines } from './pasted-lines.ts';
import type { ResolvePicture } from './picture-node.ts';
import type { QuoteViewOptions } from './quote-view.ts';
import { follow, openQuote, quoteOf, removeQuote, restoreQuote } from './quotes.ts';
import { readBlocks, readDocument } from './read-document.ts';
import { cleanPasted, readHtml } from './read-html.ts';
import { type SignaturePlace, swapSignature } from './signatures.ts';
import { writeHtml } from './write-html.ts';
import { hasFormatting, writeText } from './write-text.ts';

export interface BodyEditorWords {
  label: string;
  missingPicture: string;
  quote: QuoteViewOptions['words'];
}

export interface BodyEditorOptions {
  realm: Realm;
  element: HTMLElement;
  html: string;
  words: BodyEditorWords;
  resolvePicture: ResolvePicture;
  onPicturesChange: (listener: () => void) => () => void;
  /** Somebody has written; not called for what `follow` puts in. */
  onChange: () => void;
  /** Files that were dropped or pasted and are to be attached. */
  onFiles: (files: File[]) => void;
  /** Takes a picture into the draft, and says under which Content-ID; null where it could not be. */
  takePicture: (file: File) => Promise<string | null>;
  onLink: () => void;
}

/** The editor of one message's text. Everything that goes in as a string is sanitised on its way. */
export interface BodyEditor {
  editor: Editor;
  html(): string;
  text(): string;
  hasFormatting(): boolean;
  /** Whether something was quoted at first and is quoted no more. */
  canRestoreQuote(): boolean;
  restoreQuote(): void;
  /** Takes over what was written elsewhere. */
  follow(html: string): void;
  setSignature(html: string | null, place: SignaturePlace): void;
  addPictures(files: readonly File[]): void;
  focusStart(): void;
  destroy(): void;
}

const baseName = (file: File) => file.name.replace(/\.[^.]*$/, '');

export function createBodyEditor(options: BodyEditorOptions): BodyEditor {
  const { realm, words } = options;
  const read = (html: string) => readHtml(realm, html);
  const surroundings: EditorSurroundings = {
    pictures: {
      resolve: options.resolvePicture,
      onPicturesChange: options.onPicturesChange,
      missingLabel: words.missingPicture,
    },
    quote: {
      words: words.quote,
      findPart: options.resolvePicture,
      onEdit: (on, position) => {
        const html = on.state.doc.nodeAt(position)?.attrs.html;
        openQuote(on, position, readBlocks(on.schema, read(String(html))));
      },
      onRemove: removeQuote,
    },
    onLink: options.onLink,
  };
  const extensions = editorExtensions(surroundings);
  const first = readDocument(getSchema(extensions), read(options.html));
  const firstQuote = quoteOf(first);

  async function addPicture(file: File, position: number): Promise<void> {
    const contentId = await options.takePicture(file);
    if (contentId === null || editor.isDestroyed) return;
    const picture = { type: 'picture', attrs: { src: `cid:${contentId}`, alt: baseName(file) } };
    editor.commands.insertContentAt(Math.min(position, editor.state.doc.content.size), picture);
  }

  /** Pictures that came within pasted text as data become parts of the draft, as other programs want them. */
  async function adoptPictures(): Promise<void> {
    const found: { source: string; alt: string }[] = [];
    editor.state.doc.descendants((node) => {
      const source = node.type.name === 'picture' ? String(node.attrs.src) : '';
      if (source.startsWith('data:')) found.push({ source, alt: String(node.attrs.alt) });
    });
    for (const { source, alt } of found) {
      const file = fileOfData(source, alt || 'picture');
      const contentId = file && (await options.takePicture(file));
      if (editor.isDestroyed) return;
      if (contentId) replaceSource(source, `cid:${contentId}`);
    }
  }

  function replaceSource(before: string, after: string): void {
    const transaction = editor.state.tr;
    editor.state.doc.descendants((node, position) => {
      if (node.type.name === 'picture' && node.attrs.src === before)
        transaction.setNodeAttribute(position, 'src', after);
    });
    editor.view.dispatch(transaction);
  }

  function take({ pictures, others }: IncomingFiles, position: number): boolean {
    if (others.length > 0) options.onFiles(others);
    for (const file of pictures) void addPicture(file, position);
    return pictures.length + others.length > 0;
  }

  const editor = new Editor({
    element: options.element,
    extensions,
    content: first.toJSON() as JSONContent,
    injectCSS: false,
    coreExtensionOptions: { clipboardTextSerializer: { blockSeparator: '\n' } },
    // Asterisks and underscores in pasted text are what somebody wrote, and no bold or italic.
    enablePasteRules: ['link'],
    editorProps: {
      attributes: { 'aria-label': words.label, role: 'textbox', 'aria-multiline': 'true' },
      transformPastedHTML: (html) => cleanPasted(realm, html),
      clipboardTextParser: pastedLines,
      handlePaste(view, event) {
        const isTaken = take(pastedFiles(event.clipboardData), view.state.selection.from);
        if (!isTaken) setTimeout(() => void adoptPictures());
        return isTaken;
      },
      handleDrop(view, event) {
        // A picture that is moved within the text comes as a file too.
        if (view.dragging !== null) return false;
        const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
        return take(droppedFiles(event.dataTransfer), place?.pos ?? view.state.selection.from);
      },
    },
    onUpdate({ transaction }) {
      if (transaction.getMeta('followed') !== true) options.onChange();
    },
  });

  const knownQuotes = new Map<string, string>();
  function textOfQuote(html: string): string {
    const known = knownQuotes.get(html);
    if (known !== undefined) return known;
    const text = writeText(readDocument(editor.schema, read(html)), textOfQuote);
    knownQuotes.set(html, text);
    return text;
  }
  const current = (): Node => editor.state.doc;

  return {
    editor,
    html: () => writeHtml(current()),
    text: () => writeText(current(), textOfQuote),
    hasFormatting: () => hasFormatting(current()),
    canRestoreQuote: () => firstQuote !== null && quoteOf(current()) === null,
    restoreQuote: () => firstQuote !== null && restoreQuote(editor, firstQuote),
    follow: (html) => follow(editor, readDocument(editor.schema, read(html))),
    setSignature(html, place) {
      const blocks = html === null ? [] : readBlocks(editor.schema, read(html));
      swapSignature(editor, blocks, place);
    },
    addPictures(files) {
      take(sortedFiles(files), editor.state.selection.from);
    },
    focusStart: () => editor.commands.focus('start'),
    destroy: () => editor.destroy(),
  };
}
