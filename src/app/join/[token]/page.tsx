import type { Metadata } from 'next';
import { en } from '#ui/messages/en.ts';
import { JoinScreen } from '#ui/sign-in/join-screen.tsx';

export const metadata: Metadata = { title: en.join.title };

export default async function JoinPage({ params }: { params: Promise<{ token: string }> }) {
  return <JoinScreen token={(await params).token} />;
}
