/** A key as this machine's keyboard names it: `Mod` is Ctrl, or the Mac's command. */
export function shownKey(keys: string): string {
  const isMac = typeof navigator !== 'undefined' && /Mac|iP/.test(navigator.platform);
  return keys.replace('Mod', isMac ? '⌘' : 'Ctrl').replace('Shift', isMac ? '⇧' : 'Shift');
}
