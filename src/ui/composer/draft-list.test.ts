import { beforeEach, describe, expect, it } from 'vitest';
import type { DraftView } from '#api/views.ts';
import { draftListStore, listDrafts, meantDraft, stepDraft } from './draft-list.ts';

function draft(id: string): DraftView {
  return {
    ...{ id, accountId: 'a', version: 2, identityId: 'i', to: [], cc: [], bcc: [], subject: id, text: '' },
    ...{ html: null, requestReceipt: false, requestDsn: false, requireTls: false },
    ...{ relatedEmailId: null, relation: null, attachments: [], updatedAt: 0 },
  };
}
const [one, two, three] = [draft('one'), draft('two'), draft('three')];

beforeEach(() => draftListStore.set(null));

describe('the cursor in the list of drafts', () => {
  it('begins at the first, and stays within the list', () => {
    listDrafts([one, two]);
    expect(meantDraft()).toBeNull();
    const seen = ([1, 1, 1, -1, -1] as const).map((step) => {
      stepDraft(step);
      return meantDraft()?.id;
    });
    expect(seen).toEqual(['one', 'two', 'two', 'one', 'one']);
  });

  it('stays on its draft when others come and go', () => {
    listDrafts([one, two]);
    stepDraft(1);
    listDrafts([three, one]);
    expect(meantDraft()?.id).toBe('one');
  });

  it.each([
    ['the first', [two, three], 1, 'two'],
    ['the last', [one, two], 3, 'two'],
    ['the only one', [], 1, undefined],
  ] as const)('goes to what takes the place of %s when that is gone', (_which, left, steps, expected) => {
    listDrafts([one, two, three]);
    for (let step = 0; step < steps; step += 1) stepDraft(1);
    listDrafts([...left]);
    expect(meantDraft()?.id).toBe(expected);
  });

  it('is nowhere while no drafts are listed', () => {
    stepDraft(1);
    expect(meantDraft()).toBeNull();
  });
});
