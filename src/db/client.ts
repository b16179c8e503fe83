import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';

import { Pool } from 'pg';
import * as schema from './schema.ts';

export type Schema = typeof schema;
export type Database = NodePgDatabase<Schema>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** What a query can run on: the pool, or a transaction. */
export type Queryable = Database | Transaction;

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  /** Milliseconds to wait for a connection. */
  connectTimeout: number;
  /** Milliseconds that one statement may run. */
  statementTimeout: number;
  /** Shown by Postgres in pg_stat_activity. */
  applicationName: string;
  onError(error: Error): void;
}

/** A pool of connections with Drizzle on top. Nothing is connected before the first query. */
export function createDatabase(options: DatabaseOptions): { db: Database; pool: Pool } {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: options.connectTimeout,
    statement_timeout: options.statementTimeout,
    application_name: options.applicationName,
    idleTimeoutMillis: 30_000,
  });
  // An idle connection that the server closes must not end the process.
  pool.on('error', options.onError);
  // Nor one that it closes between two statements of a transaction: the next statement tells of it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { db: drizzle(pool, { schema, casing: 'snake_case' }), pool };
}
