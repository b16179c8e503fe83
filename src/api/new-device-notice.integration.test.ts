import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { systemMessages } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { beginSession } from '#identity/sessions/begin-session.ts';
import { newKeys } from '#identity/tokens/testing.ts';
import { createUser } from '#identity/writing.ts';
import { testRing } from '#mail/outbox/testing.ts';
import { placeOf } from '#mail/system/write.ts';
import { unseal } from '#platform/crypto/seal.ts';
import { hashToken } from '#platform/crypto/tokens.ts';
import { tellOfNewDevice } from './new-device-notice.ts';

const db = await testDatabase();
const keys = newKeys();
const parts = { db, ring: testRing, from: 'mailroom@example.org', appUrl: 'https://mail.example' };

it('a sign-in on another device than ever before is told by mail, once; the first of all and a known one are not', async () => {
  const email = `${randomUUID()}@example.org`;
  const person = { name: 'Ada', email, password: 'correct horse battery', role: 'user' as const };
  const { id } = await createUser(db, person);
  const device = (name: string) => ({
    hash: hashToken(name),
    userAgent: `${name} browser`,
    ipAddress: '203.0.113.9',
  });
  const signIn = async (name: string) => {
    const begun = await beginSession(db, keys, id, device(name));
    return { begun, isTold: await tellOfNewDevice(parts, begun, device(name), new Date()) };
  };
  expect((await signIn('laptop')).isTold).toBe(false);
  expect((await signIn('laptop')).isTold).toBe(false);
  const { begun, isTold } = await signIn('phone');
  expect(isTold).toBe(true);
  expect(await tellOfNewDevice(parts, begun, device('phone'), new Date())).toBe(false);
  expect((await signIn('phone')).isTold).toBe(false);
  const [row, ...more] = await db.select().from(systemMessages);
  expect(more).toEqual([]);
  expect(row).toMatchObject({ kind: 'notice', envelopeTo: email, status: 'queued' });
  const raw = unseal(testRing, row!.raw, placeOf(row!.id));
  expect(raw).toContain('phone');
  expect(raw).toContain('203.0.113.9');
  const none = { ...parts, from: null };
  const unsaid = await beginSession(db, keys, id, device('tablet'));
  expect(await tellOfNewDevice(none, unsaid, device('tablet'), new Date())).toBe(false);
});
