/** A frame's own window with its own constructors: its parser, its nodes, its sheets. */
export type Realm = Window & typeof globalThis;

function isRealm(window: Window): window is Realm {
  return 'DOMParser' in window && 'CSSStyleSheet' in window;
}

/** The realm of a frame that has loaded this origin's empty document. @throws Error where it shows anything else */
export function realmOf(frame: HTMLIFrameElement): Realm {
  const window = frame.contentWindow;
  if (window === null || !isRealm(window) || window.location.pathname !== '/mail-frame') {
    throw new Error('The mail frame did not load its empty document.');
  }
  return window;
}
