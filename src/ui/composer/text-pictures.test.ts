import { describe, expect, it } from 'vitest';
import { isOfText, isTakenOut, picturesAfter, picturesIn, type TextPictures } from './text-pictures.ts';

const file = (contentId: string | null, more: { isQuoted?: boolean; isAttached?: boolean } = {}) => ({
  contentId,
  disposition: contentId === null || more.isAttached ? ('attachment' as const) : ('inline' as const),
  isQuoted: more.isQuoted ?? false,
});
const logo = file('logo@x');
const report = file('report&1@x');
const photo = file('photo@x', { isAttached: true });
const paper = file(null);
const files = [logo, report, photo, paper];

/** What is listed under the text, and what is dropped when the message is sent. */
const standing = (pictures: TextPictures, of = files) => ({
  listed: of.filter((each) => !isOfText(each, pictures)),
  dropped: of.filter((each) => isTakenOut(each, pictures)),
});

describe('the pictures of a text', () => {
  it('are no attachments, and what it does not show is one, whatever the mail called it', () => {
    const pictures = picturesIn('<img src="cid:logo%40x">', files);
    expect(standing(pictures)).toEqual({ listed: [report, photo, paper], dropped: [] });
    expect(standing(picturesIn('<img src="cid:report&amp;1@x">', files)).listed).toEqual([
      logo,
      photo,
      paper,
    ]);
  });

  it('go once somebody takes them out, and are back when that is undone', () => {
    const begun = picturesIn('<img src="cid:logo@x">', files);
    const without = picturesAfter(begun, '<p>', files);
    expect(standing(without)).toEqual({ listed: [report, photo, paper], dropped: [logo] });
    const later = picturesAfter(without, '<p>more</p>', files);
    expect(standing(later).dropped).toEqual([logo]);
    expect(standing(picturesAfter(later, '<img src="cid:logo@x">', files)).dropped).toEqual([]);
  });

  it('become attachments in plain text, but for those that were taken out before', () => {
    const begun = picturesIn('<img src="cid:logo@x"><img src="cid:report&amp;1@x">', files);
    const one = picturesAfter(begun, '<img src="cid:logo@x">', files);
    expect(standing(picturesAfter(one, null, files))).toEqual({
      listed: [logo, photo, paper],
      dropped: [report],
    });
    expect(standing(picturesIn(null, files))).toEqual({ listed: files, dropped: [] });
  });

  it('of a mail that is answered are nobody’s attachments', () => {
    const quoted = file('logo@x', { isQuoted: true });
    expect(standing(picturesIn(null, [quoted]), [quoted])).toEqual({ listed: [], dropped: [] });
  });
});
