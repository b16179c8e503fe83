import { defineConfig } from 'vitest/config';

const unit = ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'worker/**/*.test.ts'];
const integration = '**/*.integration.test.ts';
const long = '**/*.long.test.ts';
const ignored = ['node_modules', '.next', '.mailroom'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: unit,
          exclude: [...ignored, integration, long],
          environment: 'node',
          // None takes a second alone; on a machine that others use too, the property tests may take ten.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: [integration],
          exclude: ignored,
          environment: 'node',
          globalSetup: './tests/setup/integration.ts',
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'long',
          include: [long],
          exclude: ignored,
          environment: 'node',
          globalSetup: './tests/setup/integration.ts',
          testTimeout: 30 * 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
