import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLog, startProgram } from '../processes.ts';

/** What the built pages are made from; a change in any of it asks for a new build. */
const SOURCES = [
  'src/**/*',
  'public/**/*',
  'package-lock.json',
  'package.json',
  'next.config.*',
  'tsconfig.json',
];

/** Builds the pages unless what is built was made from these very sources. Throws with the compiler's last words. */
export async function buildPages(root: string, logFile: string): Promise<'built' | 'unchanged'> {
  const note = join(root, '.next', 'mailroom-sources');
  const key = hashSources(root);
  const isBuilt = existsSync(join(root, '.next', 'BUILD_ID')) && existsSync(note);
  if (isBuilt && readFileSync(note, 'utf8') === key) return 'unchanged';
  openLog(logFile)(`--- ${new Date().toISOString()}`);
  const build = startProgram({
    name: 'next build',
    command: process.execPath,
    args: [join(root, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'],
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    logFile,
  });
  const stopWithUs = () => build.kill?.();
  process.once('exit', stopWithUs);
  const code = await build.exited;
  process.off('exit', stopWithUs);
  if (code !== 0) throw new Error(`The pages could not be built. ${await build.ended}`);
  writeFileSync(note, key);
  return 'built';
}

function hashSources(root: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of globSync(SOURCES, { cwd: root }).toSorted()) {
    if (/\.test\.tsx?$/.test(file) || !statSync(join(root, file)).isFile()) continue;
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}
