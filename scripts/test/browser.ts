/**
 * The browser of the tests: Chromium without a window's parts, which takes a fraction of the processor time of the whole
 * one and is otherwise the same. `CHROMIUM_PATH` names another.
 */
export const browserPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium-headless-shell';
