import { fitHeight } from './fit-height.ts';
import { type FrameListeners, listen } from './frame-events.ts';
import { frameSheet } from './frame-sheet.ts';
import type { Realm } from './realm.ts';
import { realmOf } from './realm.ts';
import type { SafeHtml } from './safe-html.ts';
import { type FindPart, sanitise } from './sanitise.ts';

export interface ShownMail {
  blocked: number;
  close: () => void;
}

/** Puts safe nodes into the frame's document. The sanitised body takes the empty one's place, colours and all. */
function append(realm: Realm, html: SafeHtml): void {
  const { document } = realm;
  const body = html.querySelector('body');
  if (body) document.body.replaceWith(body);
  else document.body.replaceChildren(html);
}

/** Shows a mail's HTML in a frame that has loaded the empty document. */
export function showMail(
  frame: HTMLIFrameElement,
  html: string,
  findPart: FindPart,
  listeners: FrameListeners,
): ShownMail {
  const realm = realmOf(frame);
  const sanitised = sanitise(realm, html, findPart);
  realm.document.adoptedStyleSheets = [frameSheet(realm), ...sanitised.sheets];
  append(realm, sanitised.html);
  const stopListening = listen(frame, realm, listeners);
  const stopFitting = fitHeight(frame, realm);
  return {
    blocked: sanitised.blocked,
    close() {
      stopListening();
      stopFitting();
    },
  };
}
