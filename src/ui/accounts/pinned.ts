import type { ServerInput, SetupProblemView } from '#api/views.ts';

/** The servers that were tried, with the certificate of the one that failed trusted. */
export function pinned(
  { server, tried }: SetupProblemView,
  fingerprint: string,
): { imap: ServerInput | null; smtp: ServerInput | null } {
  const pin = (settings: ServerInput | null, kind: 'imap' | 'smtp') =>
    settings && server === kind ? { ...settings, pinnedFingerprint: fingerprint } : settings;
  return { imap: pin(tried.imap, 'imap'), smtp: pin(tried.smtp, 'smtp') };
}
