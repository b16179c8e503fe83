import { defineConfig } from 'playwright/test';
import { browserPath } from './scripts/test/browser.ts';

/** Playwright takes no undefined values. */
function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const results = process.env.E2E_RESULTS ?? 'test-results/e2e';

export default defineConfig({
  testDir: 'e2e',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  fullyParallel: false,
  workers: 1,
  retries: 0,
  globalSetup: './e2e/stack/global-setup.ts',
  // Emptied at the start: two runs side by side have a folder each.
  outputDir: `${results}/traces`,
  reporter: [['list'], ['json', { outputFile: `${results}/report.json` }]],
  use: {
    browserName: 'chromium',
    // A film of all that passes would cost as much as the tests: what fails has a picture of its end.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: true },
    screenshot: 'only-on-failure',
    launchOptions: {
      // Without a UTF-8 locale Chromium gives no download a name beyond ASCII.
      env: { ...definedEnvironment(), LANG: 'C.UTF-8' },
      executablePath: browserPath(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
