/** The shapes that procedures answer with, for callers of the API. */
export type * from '#mail/views.ts';
