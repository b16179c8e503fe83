import { type Realm, realmOf } from '#ui/reader/html-frame/realm.ts';

let realm: Promise<Realm> | null = null;

function load(): Promise<Realm> {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-same-origin');
  frame.hidden = true;
  return new Promise<Realm>((resolve, reject) => {
    frame.addEventListener('load', () => {
      try {
        resolve(realmOf(frame));
      } catch (error) {
        frame.remove();
        reject(error);
      }
    });
    frame.src = '/mail-frame';
    document.body.append(frame);
  });
}

/**
 * The realm whose parser reads whatever goes into an editor: an empty mail frame that nobody sees, one for the page.
 * @throws Error where it cannot be loaded; the next call tries again
 */
export function editorRealm(): Promise<Realm> {
  realm ??= load().catch((error: unknown) => {
    realm = null;
    throw error;
  });
  return realm;
}
