import { existsSync } from 'node:fs';

/** Chromium without a window's parts: it takes a fraction of the processor time of the whole one, and is otherwise the same. */
export const headlessShell = '/usr/bin/chromium-headless-shell';
/** The whole one serves where the other cannot be had. */
export const wholeBrowser = '/usr/bin/chromium';

/** The browser of the tests. `CHROMIUM_PATH` names another. */
export function browserPath(): string {
  const isWhole = !existsSync(headlessShell) && existsSync(wholeBrowser);
  return process.env.CHROMIUM_PATH ?? (isWhole ? wholeBrowser : headlessShell);
}
