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
function placed(html: string | null, relation: 'reply' | 'forward' | null, ...files: DraftAttachmentRow[]) {
  return files.map((each) => placeFiles({ html, relation }, [each])[0]?.disposition ?? null);
}

describe('the files of a draft', () => {
  it('go with it, inline where the text shows them', () => {
    expect(placed(shown, 'reply', file({}), picture, quoted)).toEqual(['attachment', 'inline', 'inline']);
  });

  it('without pictures that were taken out of the text, but a forwarded mail loses none', () => {
    expect(placed('<p>', 'reply', file({}), picture, quoted)).toEqual(['attachment', null, null]);
    expect(placed('<p>', 'forward', file({}), picture, quoted)).toEqual(['attachment', null, 'attachment']);
  });

  it('with pictures as attachments where the text is plain, but not those of the quoted mail', () => {
    expect(placed(null, 'reply', file({}), picture, quoted)).toEqual(['attachment', 'attachment', null]);
    expect(placed(null, 'forward', file({}), picture, quoted)).toEqual([
      'attachment',
      'attachment',
      'attachment',
    ]);
  });

  it('with an attached image that merely has a Content-ID', () => {
    const attached = file({ contentId: 'p@x', disposition: 'attachment' });
    expect(placed(shown, null, attached)).toEqual(['attachment']);
  });
});
