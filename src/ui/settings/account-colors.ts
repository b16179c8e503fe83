/** What somebody may mark an account with; each is seen on both themes' surfaces. */
export const accountColors = [
  'oklch(0.6 0.14 264)',
  'oklch(0.6 0.14 155)',
  'oklch(0.6 0.14 50)',
  'oklch(0.6 0.14 320)',
  'oklch(0.6 0.14 20)',
  'oklch(0.6 0.14 200)',
  'oklch(0.6 0.14 100)',
  'oklch(0.6 0.14 290)',
] as const;
