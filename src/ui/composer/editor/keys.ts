import { Extension } from '@tiptap/core';

const taken = () => true;

/** The editor's keys that are not the library's: Gmail's, which hands know, and those that belong to the whole window. */
export const Keys = Extension.create<{ onLink: () => void }>({
  name: 'keys',
  priority: 2000,
  addOptions: () => ({ onLink: () => undefined }),
  addKeyboardShortcuts() {
    return {
      'Mod-Enter': taken,
      'Mod-Shift-Enter': taken,
      'Mod-Shift-b': taken,
      'Mod-Shift-c': taken,
      'Mod-Shift-9': () => this.editor.commands.toggleBlockquote(),
      'Mod-\\': () => this.editor.chain().unsetAllMarks().clearNodes().run(),
      'Mod-k': () => {
        this.options.onLink();
        return true;
      },
    };
  },
});
