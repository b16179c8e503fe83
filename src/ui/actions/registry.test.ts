import { parseKeybinding } from 'tinykeys';
import { describe, expect, it } from 'vitest';
import { en } from '#ui/messages/en.ts';
import { actionOf, actions } from './registry.ts';

const unique = (values: readonly string[]) => new Set(values).size;

describe('the table of actions', () => {
  it('gives each action an id and each key one action', () => {
    const ids = actions.map((action) => action.id);
    const keys = actions.flatMap((action) => action.keys);
    expect(actions.length).toBeGreaterThan(30);
    expect(unique(ids)).toBe(ids.length);
    expect(unique(keys)).toBe(keys.length);
  });

  it('has no key that begins another: the shorter one would always win', () => {
    const keys = actions.flatMap((action) => action.keys);
    const clashes = keys.filter((key) => keys.some((other) => other.startsWith(`${key} `)));
    expect(clashes).toEqual([]);
  });

  it('writes keys that the key library reads', () => {
    for (const key of actions.flatMap((action) => action.keys)) {
      for (const [, , press] of parseKeybinding(key)) expect(press).not.toBe('');
    }
  });

  it('shows a key wherever there is one, and a sentence for each', () => {
    for (const action of actions) {
      expect(action.shownKey === null).toBe(action.keys.length === 0);
      expect(en.actions[action.label]).toBeTruthy();
    }
  });

  it('lets what moves or deletes be undone', () => {
    for (const id of ['archive', 'delete', 'junk', 'move']) expect(actionOf(id).isUndoable).toBe(true);
  });

  it('does nothing to no rows', () => {
    const none = { rows: [], hasThread: false, hasChecked: false, hasList: true, hasDraft: false };
    for (const action of actions.filter((each) => each.isUndoable)) {
      // Only what canRun reads is given: an action that would do something without rows fails here.
      expect(action.canRun({ ...none } as unknown as Parameters<typeof action.canRun>[0])).toBe(false);
    }
  });
});
