import type { Editor } from '@tiptap/core';
import { useCallback, useSyncExternalStore } from 'react';

/** What of an editor's state decides the look of its bar. `read` must answer with a plain value. */
export function useEditorState<Value extends string | boolean>(
  editor: Editor,
  read: (editor: Editor) => Value,
): Value {
  const subscribe = useCallback(
    (listener: () => void) => {
      editor.on('transaction', listener);
      return () => {
        editor.off('transaction', listener);
      };
    },
    [editor],
  );
  const snapshot = useCallback(() => read(editor), [editor, read]);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}
