declare const sanitised: unique symbol;

/**
 * Nodes that went through the sanitiser, still unattached. They live in memory only: as a string they would be
 * untrusted again. Whatever shows, quotes or prints a mail's HTML takes nothing else.
 */
export type SafeHtml = DocumentFragment & { readonly [sanitised]: true };

/** Said by the sanitiser alone, of what it has just made. */
export function assertSanitised(fragment: DocumentFragment): asserts fragment is SafeHtml {
  if (fragment.isConnected) throw new Error('What is shown already cannot be declared safe.');
}
