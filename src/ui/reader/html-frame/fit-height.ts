import type { Realm } from './realm.ts';

const mostChanges = 50;

/**
 * Keeps a frame as high as its mail. A mail can answer each new height with a greater one (units of the window's
 * height), so after fifty changes at one width it keeps what it has. Returns what ends it.
 */
export function fitHeight(frame: HTMLIFrameElement, realm: Realm): () => void {
  let changes = 0;
  let width = 0;
  const root = realm.document.documentElement;
  const refit = () => {
    if (frame.clientWidth !== width) changes = 0;
    width = frame.clientWidth;
    changes += 1;
    if (changes > mostChanges) return;
    const scrollbar = root.scrollWidth > root.clientWidth ? frame.offsetHeight - root.clientHeight : 0;
    frame.style.height = `${Math.ceil(root.getBoundingClientRect().height) + Math.max(0, Math.min(scrollbar, 20))}px`;
  };
  const observer = new ResizeObserver(refit);
  observer.observe(root);
  refit();
  return () => observer.disconnect();
}
