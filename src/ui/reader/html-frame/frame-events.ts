import { isSafeLink } from '../safe-link.ts';
import type { Realm } from './realm.ts';

export interface FrameListeners {
  /** The link under the pointer or focus; null when there is none any more. */
  onLink: (href: string | null) => void;
  onMailto: (href: string) => void;
}

function linkAt(event: Event): string | null {
  const target = event.target;
  if (target === null || !('closest' in target) || typeof target.closest !== 'function') return null;
  const link: Element | null = target.closest('a[href]');
  return link?.getAttribute('href') ?? null;
}

/** A key pressed in the mail is a key pressed on the page: it is done there, and only then not in the frame. */
function forwardKey(frame: HTMLIFrameElement, event: KeyboardEvent): void {
  const { key, code, ctrlKey, shiftKey, altKey, metaKey, repeat } = event;
  const copy = new KeyboardEvent(event.type, {
    ...{ key, code, ctrlKey, shiftKey, altKey, metaKey, repeat },
    bubbles: true,
    cancelable: true,
  });
  if (!frame.dispatchEvent(copy)) event.preventDefault();
}

/** Lets the page hear what happens in a mail. Returns what ends it. */
export function listen(frame: HTMLIFrameElement, realm: Realm, listeners: FrameListeners): () => void {
  const { document } = realm;
  const onKey = (event: KeyboardEvent) => forwardKey(frame, event);
  const onPress = () => frame.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  const onOver = (event: Event) => listeners.onLink(linkAt(event));
  const onLeave = () => listeners.onLink(null);
  const onClick = (event: MouseEvent) => {
    const href = linkAt(event);
    if (href === null) return;
    if (!isSafeLink(href)) event.preventDefault();
    else if (href.toLowerCase().startsWith('mailto:')) {
      event.preventDefault();
      listeners.onMailto(href);
    }
  };
  document.addEventListener('keydown', onKey);
  document.addEventListener('pointerdown', onPress);
  document.addEventListener('pointerover', onOver);
  document.addEventListener('focusin', onOver);
  document.addEventListener('focusout', onLeave);
  document.documentElement.addEventListener('pointerleave', onLeave);
  document.addEventListener('click', onClick);
  return () => {
    document.removeEventListener('keydown', onKey);
    document.removeEventListener('pointerdown', onPress);
    document.removeEventListener('pointerover', onOver);
    document.removeEventListener('focusin', onOver);
    document.removeEventListener('focusout', onLeave);
    document.documentElement.removeEventListener('pointerleave', onLeave);
    document.removeEventListener('click', onClick);
  };
}
