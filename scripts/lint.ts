import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checks } from './lint/checks.ts';
import { runCheck } from './lint/run-check.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

let failures = 0;
for (const check of checks) {
  const { isClean, looked, output } = await runCheck(check, root);
  const count = looked === null ? '' : `, ${looked} ${check.counted}`;
  console.log(`${isClean ? 'ok  ' : 'FAIL'} ${check.name}${count}`);
  if (!isClean) {
    failures += 1;
    console.log(output);
  }
}
// The number of checks that failed, for who adds them up.
process.exit(failures);
