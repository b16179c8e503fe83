'use client';

import { ErrorScreen } from '#ui/sign-in/error-screen.tsx';

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return <ErrorScreen onRetry={reset} />;
}
