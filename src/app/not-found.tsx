import { NotFoundScreen } from '#ui/sign-in/not-found-screen.tsx';

export default function NotFound() {
  return <NotFoundScreen />;
}
