import { redirect } from 'next/navigation';
import { database } from '#api/composition.ts';
import { mayBeSignedIn } from '#identity/session.ts';
import { MailApp } from '#ui/mail/mail-app.tsx';
import { EarlyKeys } from '../early-keys.tsx';

/** The shell: it holds no mail. What it shows is asked for by the browser, and kept out of every HTML cache. */
export default async function MailPage({ params }: { params: Promise<{ path?: string[] }> }) {
  if (!(await mayBeSignedIn(database()))) redirect('/sign-in');
  const path = (await params).path ?? [];
  return (
    <>
      <EarlyKeys />
      <MailApp initialPath={`/mail/${path.join('/')}`} />
    </>
  );
}
