import { createStore } from '#ui/kit/store.ts';
import { forgetLocal } from '#ui/local/database.ts';
import { hasUnsavedLocal } from '#ui/local/drafts.ts';

/** Whether somebody who signs out is asked what is to become of what is not saved. */
export const leavingStore = createStore(false);

/** Saves whatever is being written on this page. Whether nothing is left here that the server does not have. */
async function saveAll(): Promise<boolean> {
  const { openSavers } = await import('#ui/composer/open-savers.ts');
  const isFlushed = await openSavers.flushAll();
  return isFlushed && !(await hasUnsavedLocal().catch(() => false));
}

/** Signs out once everything that was written is saved; where that cannot be, the person is asked. */
export async function leave(): Promise<void> {
  leavingStore.set(false);
  if (await saveAll()) await signOutAndForget();
  else leavingStore.set(true);
}

/** Signs out, and takes away what this browser keeps of the person. */
export async function signOutAndForget(): Promise<void> {
  await forgetLocal().catch(() => undefined);
  await signOutKeeping();
}

/** Signs out, and leads to where one signs in. What is not saved stays in this browser, for the same person. */
export async function signOutKeeping(): Promise<void> {
  const { signOut } = await import('next-auth/react');
  await signOut({ redirect: false });
  window.location.assign('/sign-in');
}
