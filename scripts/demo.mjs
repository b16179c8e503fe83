// Command one: `npm run demo`. Plain JavaScript for any Node from 18 on; what follows the install runs on Node 24.
import { continueIn, install, isInstalled } from './install.mjs';

const started = Date.now();
const say = (line) => console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);

try {
  if (!isInstalled()) {
    say('Installing the packages');
    await install(say);
    say('Packages are installed');
  }
  process.env.MAILROOM_STARTED_AT = String(started);
  await continueIn('scripts/demo/main.ts', process.argv.slice(2));
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
