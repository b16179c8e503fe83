import { useEffect } from 'react';
import { applyTheme, type Theme } from './theme.ts';

/** Brings a person's theme to a device that does not know it yet. */
export function useThemeSetting(theme: Theme | undefined): void {
  useEffect(() => {
    if (theme !== undefined) applyTheme(theme);
  }, [theme]);
}
