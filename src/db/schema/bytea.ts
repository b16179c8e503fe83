import { customType } from 'drizzle-orm/pg-core';

/** Postgres `bytea`, a Buffer on both sides. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
