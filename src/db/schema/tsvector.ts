import { customType } from 'drizzle-orm/pg-core';

/** Postgres `tsvector`: written by `to_tsvector` in SQL, never read. */
export const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });
