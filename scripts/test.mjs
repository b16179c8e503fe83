// Command two: `npm test`. Plain JavaScript for any Node from 18 on; what follows the install runs on Node 24.
import { continueIn, install, isInstalled } from './install.mjs';

try {
  if (!isInstalled()) {
    console.log('Installing the packages');
    await install((line) => console.log(line));
  }
  await continueIn('scripts/test/main.ts', process.argv.slice(2));
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
