import { describe, expect, it } from 'vitest';
import { inboxOfAll, pathOf, readPlace } from './place.ts';

describe('the address of what is shown', () => {
  it('reads back what it writes', () => {
    for (const place of [
      inboxOfAll,
      { account: 'a', box: 'b', thread: null, email: null },
      { account: 'a', box: 'b', thread: 't', email: null },
      { account: 'a', box: 'b', thread: 't', email: 'e' },
      { account: 'a/b', box: 'c?d', thread: 't#', email: null },
    ]) {
      expect(readPlace(pathOf(place))).toEqual(place);
    }
  });

  it('is the unified inbox where nothing is named', () => {
    expect(readPlace('/mail')).toEqual(inboxOfAll);
    expect(readPlace('/mail/')).toEqual(inboxOfAll);
  });

  it('survives a broken escape', () => {
    expect(readPlace('/mail/%E0%A4%A/inbox')).toEqual(inboxOfAll);
  });
});
