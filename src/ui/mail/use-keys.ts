import { useEffect } from 'react';
import { actionContext } from '#ui/actions/context.ts';
import { createKeyHandler } from '#ui/actions/keys.ts';
import { takeEarlyKeys } from './early-keys.ts';

/** The keys of the action table, on the whole page; what was pressed before the page could hear comes first. */
export function useKeys(): void {
  useEffect(() => {
    const onKey = createKeyHandler(actionContext);
    window.addEventListener('keydown', onKey);
    for (const event of takeEarlyKeys()) onKey(event);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
