import '@fontsource-variable/inter';
import '#ui/kit/tokens.css';
import '#ui/kit/base.css';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { MessagesProvider } from '#ui/messages/messages-provider.tsx';
import { readTheme, themeCookie } from '#ui/settings/theme.ts';

export const metadata: Metadata = {
  title: { default: 'Mailroom', template: '%s · Mailroom' },
  robots: { index: false, follow: false },
  referrer: 'no-referrer',
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' };

/** Every page is rendered for its request: a script of a page made beforehand would carry no nonce, and be dead. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection();
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <body>
        <MessagesProvider>{children}</MessagesProvider>
      </body>
    </html>
  );
}
