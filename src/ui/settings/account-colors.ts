/** What somebody may mark an account with, by the names that the API takes. */
export const accountColors = ['blue', 'green', 'orange', 'pink', 'teal', 'violet', 'red', 'brown'] as const;

/** The CSS colour of an account; a name that is not known is ink. */
export function accountColor(name: string): string {
  return accountColors.some((color) => color === name) ? `var(--account-${name})` : 'var(--ink-3)';
}
