import { headers } from 'next/headers';
import { earlyKeysScript } from '#ui/mail/early-keys.ts';

/** Keeps the keys that are pressed before the page's code is there. It runs by the nonce of this very answer. */
export async function EarlyKeys() {
  const policy = (await headers()).get('content-security-policy') ?? '';
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  return (
    <script
      nonce={nonce}
      // The browser hides the nonce of what has run: what React finds is never what was sent.
      suppressHydrationWarning
      // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours
      dangerouslySetInnerHTML={{ __html: earlyKeysScript }}
    />
  );
}
