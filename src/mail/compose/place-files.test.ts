import { describe, expect, it } from 'vitest';
import type { DraftAttachmentRow } from '../drafts/reading.ts';
import { placeFiles } from './place-files.ts';

const file = (more: Partial<DraftAttachmentRow>): DraftAttachmentRow => ({
  ...{ accountId: 'a', draftId: 'd', id: 'f', filename: 'a.png', mediaType: 'image/png', size: 1 },
  ...{
    blobHash: null,
    sourceEmailId: null,
    sourcePosition: null,
    contentId: null,
    disposition: 'attachment',
  },
  ...more,
});
const picture = file({ contentId: 'p@x', disposition: 'inline' });
const quoted = file({ contentId: 'q@x', disposition: 'inline', sourceEmailId: 'e', sourcePosition: 0 });
const shown = '<img src="cid:p@x"><img src="cid:q%40x">';

/** Each as it goes with the message, or null where it stays behind. */
function placed(
  html: string | null,
  relation: 'reply' | 'forward' | 'edit' | null,
  ...files: DraftAttachmentRow[]
) {
  return files.map((each) => placeFiles({ html, relation }, [each])[0]?.disposition ?? null);
}

describe('the files of a draft', () => {
  it('go with it, inline where the text shows them', () => {
    expect(placed(shown, 'reply', file({}), picture, quoted)).toEqual(['attachment', 'inline', 'inline']);
  });

  it('as attachments where the text does not show them, but not those of a mail that is answered', () => {
    const all = ['attachment', 'attachment', 'attachment'];
    for (const html of ['<p>', null]) {
      expect(placed(html, 'reply', file({}), picture, quoted)).toEqual(['attachment', 'attachment', null]);
      expect(placed(html, 'forward', file({}), picture, quoted)).toEqual(all);
      expect(placed(html, 'edit', file({}), picture, quoted)).toEqual(all);
    }
  });

  it('with an attached image that merely has a Content-ID', () => {
    const attached = file({ contentId: 'p@x', disposition: 'attachment' });
    expect(placed(shown, null, attached)).toEqual(['attachment']);
  });

  it('without the photos that were attached to an answered mail, unless the quote shows them', () => {
    const attached = { ...quoted, disposition: 'attachment' as const };
    expect(placed('<p>', 'reply', attached)).toEqual([null]);
    expect(placed(shown, 'reply', attached)).toEqual(['inline']);
  });
});
