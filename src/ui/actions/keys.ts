import { isComposerOpening } from '#ui/composer/open.ts';
import { createSequenceReader } from './key-sequences.ts';
import { type ActionContext, actions } from './registry.ts';

const typing = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';
const floating = '[role=dialog], [role=menu], [role=listbox], [data-composer]';

/** Whether a key belongs to what has the focus: somebody types, or a dialog or menu is open there. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.isComposing || event.defaultPrevented) return true;
  const target = event.target;
  if (!(target instanceof Element)) return false;
  if (target.matches(typing) || target.closest(floating) !== null) return true;
  const isPress = event.key === 'Enter' || event.key === ' ';
  return isPress && target.closest('button, a[href], summary') !== null;
}

/** Tab always moves the focus, and what Ctrl or Cmd does is the browser's, in the midst of a sequence too. */
function isBrowsers(event: KeyboardEvent): boolean {
  return event.key === 'Tab' || event.ctrlKey || event.metaKey;
}

/** The handler for keys on the page and, handed on, in the frames that show mail. */
export function createKeyHandler(context: () => ActionContext): (event: KeyboardEvent) => void {
  const reader = createSequenceReader(
    actions.flatMap((action) => action.keys.map((key) => [key, action] as const)),
  );
  return (event) => {
    // Some browsers report what a suggestion fills in as a key without a name.
    if (!event.key) return;
    // Who has asked for a composer types a message: none of it is an action on mail.
    if (isTaken(event) || isComposerOpening()) {
      reader.forget();
      return;
    }
    const reading = reader.read(event, event.timeStamp);
    if (reading.kind === 'inSequence' && !isBrowsers(event)) event.preventDefault();
    if (reading.kind !== 'action') return;
    const now = context();
    if (!reading.action.canRun(now)) return;
    event.preventDefault();
    reading.action.run(now);
  };
}
