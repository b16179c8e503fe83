export type Theme = 'light' | 'dark' | 'system';

/** The cookie that lets the server draw the first paint in the right theme. */
export const themeCookie = 'mailroom-theme';

export function readTheme(value: string | undefined): Theme {
  return value === 'light' || value === 'dark' ? value : 'system';
}

const year = 365 * 24 * 3600;

/** Shows the page in a theme now, and on this device from the next first paint on. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we support
  document.cookie = `${themeCookie}=${theme}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
}
