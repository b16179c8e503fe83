import type { KeyboardEvent } from 'react';

export interface ComposerCommands {
  send: () => void;
  sendAndArchive: () => void;
  save: () => void;
  wantCc: () => void;
  wantBcc: () => void;
  close: () => void;
}

function commandOf(event: KeyboardEvent): keyof ComposerCommands | null {
  const isMod = event.ctrlKey || event.metaKey;
  if (event.key === 'Escape') return 'close';
  if (!isMod || event.altKey) return null;
  if (event.key === 'Enter') return event.shiftKey ? 'sendAndArchive' : 'send';
  const key = event.key.toLowerCase();
  if (event.shiftKey) return key === 'c' ? 'wantCc' : key === 'b' ? 'wantBcc' : null;
  return key === 's' ? 'save' : null;
}

/** The keys of a whole composer, wherever in it the focus is. */
export function onComposerKey(event: KeyboardEvent, commands: ComposerCommands): void {
  const command = commandOf(event);
  if (command === null || event.nativeEvent.isComposing) return;
  // A menu or dialog of the composer's own keeps its Escape.
  const isElsewhere = event.target instanceof Element && event.target.closest('[role=menu]') !== null;
  if (command === 'close' && (isElsewhere || event.defaultPrevented)) return;
  event.preventDefault();
  commands[command]();
}
