import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPages } from '../demo/pages.ts';

/** Builds the pages once, so that stacks which start side by side find them there. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const logs = join(root, 'test-results');
mkdirSync(logs, { recursive: true });
console.log(`The pages: ${await buildPages(root, join(logs, 'build.log'))}`);
