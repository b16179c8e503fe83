import { createDatabase } from '#db/client.ts';
import { accounts } from '#db/schema.ts';
import { checkConsistency } from '#operations/consistency.ts';

const url = process.env.DATABASE_URL;
if (!url) {
  console.error('DATABASE_URL is unset: which database shall be checked?');
  process.exit(2);
}
const { db, pool } = createDatabase({
  url,
  poolSize: 1,
  connectTimeout: 10_000,
  // Counting a large account takes as long as it takes.
  statementTimeout: 0,
  applicationName: 'mailroom-check',
  onError: () => undefined,
});
let faults = 0;
const rows = await db.select({ id: accounts.id, address: accounts.address }).from(accounts);
for (const { id, address } of rows) {
  for (const fault of await checkConsistency(db, id)) {
    faults += 1;
    console.log(`${address} (${id}): ${fault}`);
  }
}
await pool.end();
console.log(`${rows.length} accounts looked at, ${faults} faults found.`);
process.exitCode = faults === 0 ? 0 : 1;
