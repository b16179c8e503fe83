import { act } from '#ui/actions/act.ts';
import { moveRows } from '#ui/actions/context.ts';
import { words } from '#ui/messages/words.ts';
import type { ListItem } from './list-items.ts';
import { checkRange, toggleChecked } from './selection.ts';

/** What the buttons within a row do; a row names them by `data-do`. */
export function actOnRow(
  what: string,
  { row, key }: Extract<ListItem, { kind: 'row' }>,
  isRange: boolean,
): void {
  if (what === 'check') {
    if (isRange) checkRange(key);
    else toggleChecked(key);
  }
  if (what === 'star') void act([row], { kind: 'keyword', keyword: '$flagged', isSet: !row.isFlagged }, null);
  if (what === 'markRead') void act([row], { kind: 'keyword', keyword: '$seen', isSet: true }, null);
  if (what === 'markUnread') void act([row], { kind: 'keyword', keyword: '$seen', isSet: false }, null);
  if (what === 'archive') {
    moveRows([row], { kind: 'moveToRole', role: 'archive' }, words.t('done.archive', { count: 1 }));
  }
  if (what === 'delete') {
    moveRows([row], { kind: 'moveToRole', role: 'trash' }, words.t('done.trash', { count: 1 }));
  }
}
