import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '#platform/config.ts';

/** The web process in production: what is configured is checked first, then this very process becomes `next start`. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));

function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}

Object.assign(process.env, { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' });
let settings: ReturnType<typeof readConfig>;
try {
  settings = readConfig(process.env);
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
if (settings.DATABASE_URL === null)
  refuse('DATABASE_URL is required. (`npm run demo` brings a database of its own.)');
if (!existsSync(join(root, '.next', 'BUILD_ID')))
  refuse('The pages are not built yet: run `npm run build` first.');

process.chdir(root);
process.argv = [process.execPath, 'next', 'start', '-H', settings.HOST, '-p', String(settings.PORT)];
await import(join(root, 'node_modules', 'next', 'dist', 'bin', 'next'));
