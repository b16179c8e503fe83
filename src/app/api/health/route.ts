import { sql } from 'drizzle-orm';
import { database } from '#api/composition.ts';

/**
 * Answers 200 while this process can ask Postgres, 503 while it cannot. `run` is the name that whoever started the
 * process gave it (MAILROOM_RUN), so that it knows its own from another that answers on the same port.
 */
export async function GET(): Promise<Response> {
  const run = process.env.MAILROOM_RUN ?? null;
  try {
    await database().execute(sql`select 1`);
    return Response.json({ status: 'ok', run }, { headers: { 'Cache-Control': 'no-store' } });
  } catch {
    return Response.json(
      { status: 'unavailable' },
      { status: 503, headers: { 'Cache-Control': 'no-store' } },
    );
  }
}
