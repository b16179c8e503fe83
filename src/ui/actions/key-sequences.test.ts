import fc from 'fast-check';
import { parseKeybinding } from 'tinykeys';
import { describe, expect, it } from 'vitest';
import { createSequenceReader, sequenceTime } from './key-sequences.ts';
import { actions } from './registry.ts';

interface Typed {
  key: string;
  code?: string;
  modifiers?: readonly string[];
  repeat?: boolean;
}

function press({ key, code = '', modifiers = [], repeat = false }: Typed): KeyboardEvent {
  const event = { key, code, repeat, getModifierState: (name: string) => modifiers.includes(name) };
  // Only what a reader looks at.
  return event as unknown as KeyboardEvent;
}

/** What somebody types for each press of a binding. */
function typedFor(binding: string): Typed[] {
  return parseKeybinding(binding).map(([required, , key]) => {
    const name = String(key);
    return { key: name.replace(/^Digit/, ''), code: name, modifiers: required };
  });
}

const table = actions.flatMap((action) => action.keys.map((key) => [key, action.id] as const));
const sequences = table.filter(([key]) => key.includes(' '));
const singles = table.filter(([key]) => !key.includes(' '));

function readAll(typed: readonly Typed[], gap: number) {
  const reader = createSequenceReader(table);
  return typed.map((each, index) => reader.read(press(each), index * gap));
}

const first = fc.constantFrom(...sequences).map(([key]) => typedFor(key).slice(0, 1));
const anySingle = fc.constantFrom(...singles).map(([key]) => typedFor(key));
const anyLetter = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }).map((key) => [{ key }]);
const withinTime = fc.integer({ min: 0, max: sequenceTime });

describe('sequences of keys', () => {
  it.each(sequences)('%s does %s, however fast it is typed', (key, id) => {
    for (const gap of [0, 40, 150, sequenceTime]) {
      expect(readAll(typedFor(key), gap)).toEqual([{ kind: 'inSequence' }, { kind: 'action', action: id }]);
    }
  });

  it('never does what their second key does alone', () => {
    const ownOf = new Set(sequences.map(([, id]) => id));
    fc.assert(
      fc.property(first, fc.oneof(anySingle, anyLetter), withinTime, (begin, second, gap) => {
        const [, reading] = readAll([...begin, ...second], gap);
        if (reading?.kind === 'action') expect(ownOf).toContain(reading.action);
        else expect(reading).toEqual({ kind: 'inSequence' });
      }),
      { numRuns: 2000 },
    );
  });

  it('are over after an unknown key: the one after it is itself again', () => {
    const [, unknown, after] = readAll([{ key: 'g' }, { key: 'q' }, { key: 's' }], 50);
    expect(unknown).toEqual({ kind: 'inSequence' });
    expect(after).toEqual({ kind: 'action', action: 'star' });
  });

  it('wait for their second key no longer than a moment', () => {
    const [, late] = readAll([{ key: 'g' }, { key: 's' }], sequenceTime + 1);
    expect(late).toEqual({ kind: 'action', action: 'star' });
  });

  it('are not disturbed by a modifier on its own, or by a first key that is held', () => {
    const [, shift, held, second] = readAll(
      [
        { key: '*', modifiers: ['Shift'] },
        { key: 'Shift' },
        { key: '*', modifiers: ['Shift'], repeat: true },
        { key: 'U', modifiers: ['Shift'] },
      ],
      50,
    );
    expect(shift).toEqual({ kind: 'notOurs' });
    expect(held).toEqual({ kind: 'inSequence' });
    expect(second).toEqual({ kind: 'action', action: 'selectUnread' });
  });

  it('are forgotten when the next key went elsewhere', () => {
    const reader = createSequenceReader(table);
    reader.read(press({ key: 'g' }), 0);
    reader.forget();
    expect(reader.read(press({ key: 's' }), 10)).toEqual({ kind: 'action', action: 'star' });
  });
});

describe('single keys', () => {
  it.each(singles)('%s does %s', (key, id) => {
    expect(readAll(typedFor(key), 0)).toEqual([{ kind: 'action', action: id }]);
  });
});
