import { sql } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import type { PersonView } from '../views.ts';
import { foldWords } from './words.ts';

const most = 10;

/** What a person who was last written to so many days ago counts for: half after a quarter of a year. */
const halfLifeDays = 90;

/**
 * People whose name or address has a word that begins with each word of the query, those first who were written to
 * often and lately; who only wrote comes after them. Each address once over all accounts; at most ten.
 */
export async function completePeople(
  db: Queryable,
  accountIds: readonly string[],
  query: string,
): Promise<PersonView[]> {
  const words = foldWords(query);
  if (accountIds.length === 0 || words.length === 0) return [];
  // Every word stands after a blank, so that a beginning is found by one LIKE without a wildcard inside.
  const holds = words.map((word) => sql`p.words like ${`% ${word.replace(/[\\%_]/g, '\\$&')}%`}`);
  const { rows } = await db.execute<{ name: string; address: string; last: string | null }>(sql`
    with found as (
      select p.*,
        p.written_count * power(0.5, extract(epoch from now() - p.last_written_at)::float8 / 86400 / ${halfLifeDays})
          as weight,
        p.received_count * power(0.5, extract(epoch from now() - p.last_received_at)::float8 / 86400 / ${halfLifeDays})
          as heard
      from people p
      where p.account_id = any(${sql.param([...accountIds])}::uuid[]) and ${sql.join(holds, sql` and `)}
    )
    select (array_agg(name order by (name <> '') desc, coalesce(last_written_at, last_received_at) desc))[1] as name,
      (array_agg(address order by coalesce(last_written_at, last_received_at) desc))[1] as address,
      (extract(epoch from max(last_written_at)) * 1000)::text as last
    from found
    group by key
    order by sum(written_count) > 0 desc, sum(coalesce(weight, 0)) desc, sum(coalesce(heard, 0)) desc, key
    limit ${most}`);
  return rows.map(({ name, address, last }) => ({
    name,
    address,
    lastWrittenAt: last === null ? null : Math.round(Number(last)),
  }));
}
