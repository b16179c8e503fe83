import { useEffect } from 'react';
import { actionContext } from '#ui/actions/context.ts';
import { createKeyHandler } from '#ui/actions/keys.ts';

/** The keys of the action table, on the whole page. */
export function useKeys(): void {
  useEffect(() => {
    const onKey = createKeyHandler(actionContext);
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
