declare global {
  interface Window {
    /** Hands over what was pressed, and keeps no more. Only there until it was asked once. */
    mailroomEarlyKeys?: () => KeyboardEvent[];
  }
}

/** Runs as the page's first script: it keeps what is pressed before the page's own code hears anything. */
export const earlyKeysScript = `{
  const kept = [];
  const keep = (event) => kept.push(event);
  addEventListener('keydown', keep);
  window.mailroomEarlyKeys = () => {
    removeEventListener('keydown', keep);
    delete window.mailroomEarlyKeys;
    return kept;
  };
}`;

/** The keys that were pressed before anybody heard them, in order; each is handed over once. */
export function takeEarlyKeys(): KeyboardEvent[] {
  return window.mailroomEarlyKeys?.() ?? [];
}
