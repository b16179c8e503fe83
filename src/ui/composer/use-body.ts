import { useCallback, useRef, useState } from 'react';
import type { SignatureView } from '#api/views.ts';
import type { DraftContent } from './draft-content.ts';
import type { BodyEditor } from './editor/body-editor.ts';
import { htmlOfText } from './editor/html-of-text.ts';
import { signatureHtml } from './editor/signature-html.ts';
import { swapPlainSignature } from './plain-signature.ts';
import { signaturePlace } from './writing-settings.ts';

export interface Body {
  /** null in plain-text mode, and while the editor is not there yet. */
  editor: BodyEditor | null;
  onReady: (editor: BodyEditor | null) => void;
  /** Somebody has written in the editor. */
  onWritten: () => void;
  /** Has the content say what the editor holds, cleaned, and returns it. */
  finish: () => DraftContent;
  setSignature: (old: SignatureView | null, next: SignatureView | null) => void;
  /** Whether going to plain text would lose something. */
  wouldLose: () => boolean;
  toPlain: () => void;
  toRich: () => void;
}

/** The text of a message, whichever way it is written. */
export function useBody(
  latest: () => DraftContent,
  change: (part: Partial<DraftContent>) => void,
  onEditor: (editor: BodyEditor) => void,
): Body {
  const [editor, setEditor] = useState<BodyEditor | null>(null);
  const started = useRef(onEditor);
  const onReady = useCallback((made: BodyEditor | null) => {
    setEditor(made);
    if (made !== null) started.current(made);
  }, []);
  const onWritten = () => {
    if (editor !== null) change({ html: editor.html(), text: editor.text() });
  };
  return {
    editor,
    onReady,
    onWritten,
    finish() {
      const content = latest();
      if (editor === null || content.html === null) return content;
      // Also where nobody wrote a letter: what the server began with has not been through the sanitiser.
      const html = editor.html();
      if (html !== content.html) change({ html, text: editor.text() });
      return latest();
    },
    setSignature(old, next) {
      const place = signaturePlace();
      if (editor !== null) editor.setSignature(next === null ? null : signatureHtml(next), place);
      else change({ text: swapPlainSignature(latest().text, old, next, place) });
    },
    wouldLose: () => editor?.hasFormatting() ?? false,
    toPlain() {
      const text = editor?.text() ?? latest().text;
      setEditor(null);
      change({ html: null, text });
    },
    toRich: () => change({ html: htmlOfText(latest().text) }),
  };
}
