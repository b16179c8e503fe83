/** One check of the tree's shape. It runs in any folder that has this project's configuration in it. */
export interface Check {
  name: string;
  command: string;
  args: readonly string[];
  /** Finds in the output how much was looked at: a check that looked at nothing is no check. Null where it does not say. */
  looked: RegExp | null;
  counted: string;
}

export const checks: readonly Check[] = [
  {
    name: 'linter and formatter',
    command: 'biome',
    args: ['check', '--error-on-warnings', '--max-diagnostics=50', '.'],
    looked: /Checked (\d+) files?/,
    counted: 'files',
  },
  {
    name: 'import directions',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.mjs', 'src', 'worker'],
    looked: /(\d+) modules, \d+ dependencies cruised/,
    counted: 'modules',
  },
  { name: 'dead code', command: 'knip', args: ['--no-progress'], looked: null, counted: '' },
];
