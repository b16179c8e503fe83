/** How many messages the large first sync has; the bench's own figure is 20,000, fewer are for a quick look. */
export const messageCount = Number(process.env.BENCH_MESSAGES ?? 20_000);

/** The sizes at which the newest 50 must show alike. */
export const inboxSizes = [messageCount / 20, messageCount, messageCount * 5].map(Math.round);

const partNames = ['first-sync', 'first-50', 'unchanged', 'new-mail'] as const;
export type PartName = (typeof partNames)[number];

/** Which parts run: BENCH_PARTS names them, separated by commas; unset: all. */
export const parts: readonly PartName[] =
  process.env.BENCH_PARTS === undefined
    ? partNames
    : partNames.filter((name) => process.env.BENCH_PARTS?.split(',').includes(name));

/**
 * A folder (BENCH_PROFILE) into which the worker's CPU profile and Postgres's statements are written; null: none is
 * made. Profiling slows what it looks at: the figures of such a run decide nothing.
 */
export const profileFolder = process.env.BENCH_PROFILE ?? null;
