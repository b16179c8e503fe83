/** Signs out, and leads to where one signs in. */
export async function leave(): Promise<void> {
  const { signOut } = await import('next-auth/react');
  await signOut({ redirect: false });
  window.location.assign('/sign-in');
}
