/** Next.js calls this once when the process starts. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { notePeers } = await import('#platform/http/caller-address.ts');
  notePeers();
  const { endOnSignal } = await import('#api/shutdown.ts');
  endOnSignal();
}
