import { matchKeybindingPress, parseKeybinding } from 'tinykeys';

/** What a press comes to: an action, a part of a sequence (done with, whether it goes on or not), or nothing of ours. */
export type Reading<Action> =
  | { kind: 'action'; action: Action }
  | { kind: 'inSequence' }
  | { kind: 'notOurs' };

type Presses = ReturnType<typeof parseKeybinding>;

interface Binding<Action> {
  presses: Presses;
  action: Action;
}

/** How long after a key of a sequence the next one still belongs to it, in milliseconds. */
export const sequenceTime = 1500;

const modifierKeys = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Fn']);

export interface SequenceReader<Action> {
  /** `time` in milliseconds, on any clock that rises. */
  read(press: KeyboardEvent, time: number): Reading<Action>;
  /** Forgets a sequence that was begun: the next key went to something else. */
  forget(): void;
}

/**
 * Reads keys, and sequences of keys. The key after one that begins a sequence belongs to the sequence whatever it is:
 * it goes on, or is swallowed, and never does what it would do alone. (The key library itself offers every press to
 * all its bindings.)
 */
export function createSequenceReader<Action>(
  table: Iterable<readonly [key: string, action: Action]>,
): SequenceReader<Action> {
  const all: Binding<Action>[] = [...table].map(([key, action]) => ({
    presses: parseKeybinding(key),
    action,
  }));
  let begun: Binding<Action>[] = [];
  let count = 0;
  let until = 0;

  function forget(): void {
    begun = [];
    count = 0;
  }

  return {
    forget,
    read(press, time) {
      if (modifierKeys.has(press.key)) return { kind: 'notOurs' };
      const isInside = begun.length > 0 && time <= until;
      // A key that is held is one press, where its place in a sequence counts.
      if (isInside && press.repeat) return { kind: 'inSequence' };
      const at = isInside ? count : 0;
      const found = (isInside ? begun : all).filter(({ presses: { [at]: wanted } }) => {
        return wanted !== undefined && matchKeybindingPress(press, wanted);
      });
      forget();
      const done = found.find(({ presses }) => presses.length === at + 1);
      if (done !== undefined) return { kind: 'action', action: done.action };
      if (found.length === 0) return { kind: isInside ? 'inSequence' : 'notOurs' };
      begun = found;
      count = at + 1;
      until = time + sequenceTime;
      return { kind: 'inSequence' };
    },
  };
}
