/** What can be taken back, the last first. */
export interface Undoable {
  run: () => Promise<void>;
  /** Its toast, which goes when it is taken back by key. */
  toastId: string | number | null;
}

const longest = 30;
let stack: Undoable[] = [];

export function pushUndo(entry: Undoable): void {
  stack = [...stack.slice(1 - longest), entry];
}

/** Takes this entry off the stack, or the last one; undefined where there is none. */
export function takeUndo(entry?: Undoable): Undoable | undefined {
  const taken = entry === undefined ? stack.at(-1) : stack.find((other) => other === entry);
  stack = stack.filter((other) => other !== taken);
  return taken;
}
