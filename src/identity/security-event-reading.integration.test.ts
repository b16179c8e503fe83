import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { testDatabase } from '#db/testing.ts';
import { listSecurityEvents } from './security-event-reading.ts';
import { recordSecurityEvent } from './security-events.ts';
import { createUser } from './writing.ts';

const db = await testDatabase();
const device = { userAgent: 'a browser', ipAddress: '203.0.113.9' };

async function newPerson() {
  const email = `${randomUUID()}@example.org`;
  return createUser(db, { email, name: 'P', password: 'correct horse battery', role: 'user' });
}

it('a person sees their own events, newest first and page by page; an admin sees everybody’s and nobody’s', async () => {
  const [ada, bob] = [await newPerson(), await newPerson()];
  for (let n = 0; n < 60; n += 1) {
    const kind = n % 2 === 0 ? 'signed_in' : 'signed_out';
    await recordSecurityEvent(db, { kind, userId: ada.id, device });
  }
  await recordSecurityEvent(db, { kind: 'sign_in_failed', userId: bob.id, actorId: null, device });
  await recordSecurityEvent(db, { kind: 'sign_in_failed', userId: null, device });
  const first = await listSecurityEvents(db, ada.id, null);
  expect(first.events).toHaveLength(50);
  expect(first.hasMore).toBe(true);
  expect(first.events[0]).toMatchObject({ kind: 'signed_out', email: ada.email, ipAddress: '203.0.113.9' });
  const second = await listSecurityEvents(db, ada.id, first.events.at(-1)!.id);
  expect(second.events).toHaveLength(10);
  expect(second.hasMore).toBe(false);
  const ids = [...first.events, ...second.events].map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort().reverse());
  const all = await listSecurityEvents(db, null, null);
  expect(all.events.slice(0, 2).map(({ email }) => email)).toEqual([null, bob.email]);
});
