import type { Page } from 'playwright/test';

/** Takes the frame's walls away: its document comes without a policy, and the frame is no sandbox. */
export async function withoutFrameWalls(page: Page): Promise<void> {
  await page.route('**/mail-frame', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><html><body></body></html>' }),
  );
  await page.addInitScript(() => {
    const set = Element.prototype.setAttribute;
    Element.prototype.setAttribute = function (name, value) {
      if (this.localName !== 'iframe' || name !== 'sandbox') set.call(this, name, value);
    };
  });
}

/**
 * Takes the sanitiser away: what the frame's parser is given for it comes into the frame as it is, in a way that lets
 * scripts run if anything does.
 */
export async function withoutSanitiser(page: Page): Promise<void> {
  await page.addInitScript(() => {
    if (window.top !== window) return;
    const spoil = (realm: Window & typeof globalThis) => {
      let given = '';
      const parse = realm.DOMParser.prototype.parseFromString;
      realm.DOMParser.prototype.parseFromString = function (text, type) {
        given = String(text);
        return parse.call(this, '<body></body>', type);
      };
      const replace = realm.Element.prototype.replaceWith;
      realm.Element.prototype.replaceWith = function (...nodes) {
        replace.apply(this, nodes);
        const range = realm.document.createRange();
        range.selectNodeContents(realm.document.body);
        realm.document.body.append(range.createContextualFragment(given));
      };
    };
    // Loads do not bubble, but they are captured: this is before the page's own listener fills the frame.
    document.addEventListener(
      'load',
      ({ target }) => {
        if (!(target instanceof HTMLIFrameElement)) return;
        const realm = target.contentWindow;
        if (realm !== null && 'DOMParser' in realm) spoil(realm as Window & typeof globalThis);
      },
      true,
    );
  });
}
