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

/** In a menu or dialog of the composer's own, which keeps its keys: React hands them on from there. */
function isElsewhere(target: EventTarget): boolean {
  const owner = target instanceof Element ? target.closest('[role=menu], [role=dialog]') : null;
  return owner !== null && !owner.hasAttribute('data-composer');
}

/** The keys of a whole composer, wherever in it the focus is. */
export function onComposerKey(event: KeyboardEvent, commands: ComposerCommands): void {
  const command = commandOf(event);
  if (command === null || event.nativeEvent.isComposing) return;
  if (isElsewhere(event.target)) return;
  event.preventDefault();
  commands[command]();
}
