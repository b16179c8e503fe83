import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { database } from '#api/composition.ts';
import { mayBeSignedIn } from '#identity/session.ts';
import { config } from '#platform/config.ts';
import { en } from '#ui/messages/en.ts';
import { SignInForm } from '#ui/sign-in/sign-in-form.tsx';

export const metadata: Metadata = { title: en.signIn.title };

export default async function SignInPage() {
  if (await mayBeSignedIn(database())) redirect('/mail/all/inbox');
  return <SignInForm isPlainHttp={config().isPlainHttp} />;
}
