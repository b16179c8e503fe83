import type { ImapCursor, UidSpan } from '#db/schema.ts';

/** Whether all that a mailbox held when it was last looked at is here. */
export function isWhole({ backfillBelow, gaps }: ImapCursor): boolean {
  return backfillBelow <= 1 && gaps === undefined;
}

/** What is to be brought next: what came during the newest absence, before what is older than all that is here. */
export function nextMissing({ backfillBelow, gaps }: ImapCursor): UidSpan {
  return gaps?.at(-1) ?? { from: 1, below: backfillBelow };
}

/** Where a mailbox stands when `nextMissing` is here down to a UID. */
export function reachedDownTo(cursor: ImapCursor, uid: number): ImapCursor {
  const { gaps, ...rest } = cursor;
  const gap = gaps?.at(-1);
  if (gaps === undefined || gap === undefined) return { ...rest, backfillBelow: uid };
  const left = gaps.slice(0, -1);
  if (uid > gap.from) left.push({ from: gap.from, below: uid });
  return left.length === 0 ? rest : { ...rest, gaps: left };
}

/** Where a mailbox stands when new messages are here, but for those of a span. */
export function withGap(cursor: ImapCursor, gap: UidSpan): ImapCursor {
  return { ...cursor, gaps: [...(cursor.gaps ?? []), gap] };
}

/** The lowest UID, of those that came after the first look, of a message that no look may have seen. */
export function firstUnseen({ uidNext, gaps }: ImapCursor): number {
  return gaps?.[0]?.from ?? uidNext;
}

/** Whether a message that has been listed is still to be brought: that it is not here says nothing. */
export function isInGap({ gaps }: ImapCursor, uid: number): boolean {
  return gaps?.some(({ from, below }) => uid >= from && uid < below) === true;
}

/** Whether a message of this UID should be here. */
export function isDue(cursor: ImapCursor, uid: number): boolean {
  return uid >= cursor.backfillBelow && uid < cursor.uidNext && !isInGap(cursor, uid);
}
