import { createKeybindingsHandler } from 'tinykeys';
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

/** The handler for keys on the page and, handed on, in the frames that show mail. */
export function createKeyHandler(context: () => ActionContext): EventListener {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const action of actions) {
    for (const key of action.keys) {
      bindings[key] = (event) => {
        const now = context();
        if (!action.canRun(now)) return;
        event.preventDefault();
        action.run(now);
      };
    }
  }
  return createKeybindingsHandler(bindings, { ignore: isTaken });
}
