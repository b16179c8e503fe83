import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { invitations, users } from '#db/schema/users.ts';
import { testDatabase } from '#db/testing.ts';
import { hashToken } from '#platform/crypto/tokens.ts';
import {
  acceptInvitation,
  createInvitation,
  ensureFirstAdminInvitation,
  readInvitation,
} from './invitations.ts';
import { listUsers } from './reading.ts';
import { createUser, disableUser } from './writing.ts';

const db = await testDatabase();
const password = 'correct horse battery';
const anna = { email: 'anna@example.org', name: 'Anna', password };

beforeEach(async () => {
  await db.delete(invitations);
  await db.delete(users);
});

async function firstAdminToken(): Promise<string> {
  const token = await ensureFirstAdminInvitation(db);
  if (token === null) throw new Error('there is an admin already');
  return token;
}

async function expire(token: string) {
  await db
    .update(invitations)
    .set({ expiresAt: sql`now() - interval '1 second'` })
    .where(eq(invitations.tokenHash, hashToken(token)));
}

const hoursLeft = (expiresAt: Date) => Math.round((expiresAt.getTime() - Date.now()) / 3_600_000);

describe('the first admin', () => {
  it('comes in by the token that start-up prints, and the next start prints none', async () => {
    const token = await firstAdminToken();
    expect(hoursLeft((await readInvitation(db, token))!.expiresAt)).toBe(24);
    const user = await acceptInvitation(db, { token, ...anna, email: 'Anna@Example.ORG' });
    expect(user).toMatchObject({ email: 'anna@example.org', name: 'Anna', role: 'admin' });
    expect(await ensureFirstAdminInvitation(db)).toBeNull();
  });

  it('cannot use the token of an earlier start', async () => {
    const older = await firstAdminToken();
    const newer = await firstAdminToken();
    await expect(acceptInvitation(db, { token: older, ...anna })).rejects.toMatchObject({
      code: 'invitation_not_valid',
    });
    await expect(acceptInvitation(db, { token: newer, ...anna })).resolves.toMatchObject({ role: 'admin' });
  });

  it('is one, though two processes start at once', async () => {
    const tokens = await Promise.all([firstAdminToken(), firstAdminToken(), firstAdminToken()]);
    const usable = await Promise.all(tokens.map((token) => readInvitation(db, token)));
    expect(usable.filter((invitation) => invitation !== null)).toHaveLength(1);
  });

  it('is not made by a token once there is an admin by another way', async () => {
    const token = await firstAdminToken();
    await createUser(db, { ...anna, role: 'admin' });
    await expect(acceptInvitation(db, { token, ...anna, email: 'eve@example.org' })).rejects.toMatchObject({
      code: 'invitation_not_valid',
    });
    expect(await listUsers(db)).toHaveLength(1);
  });

  it('is asked for again when the only admin is gone', async () => {
    await createUser(db, { ...anna, role: 'user' });
    expect(await ensureFirstAdminInvitation(db)).toMatch(/^[\w-]{43}$/);
  });
});

describe('an invitation', () => {
  async function invite(email: string | null = null) {
    const admin = await createUser(db, { ...anna, role: 'admin' });
    return createInvitation(db, { by: admin.id, email, role: 'user' });
  }
  const bert = { email: 'bert@example.org', name: 'Bert', password };

  it('makes one user, once, of the role that it was made for', async () => {
    const token = await invite();
    expect(hoursLeft((await readInvitation(db, token))!.expiresAt)).toBe(7 * 24);
    const user = await acceptInvitation(db, { token, ...bert });
    expect(user.role).toBe('user');
    expect(await readInvitation(db, token)).toBeNull();
    await expect(acceptInvitation(db, { token, ...bert, email: 'eve@example.org' })).rejects.toMatchObject({
      code: 'invitation_not_valid',
    });
    const [row] = await db.select().from(invitations);
    expect(row).toMatchObject({ usedBy: user.id });
  });

  it('makes one user of two who use it at the same moment', async () => {
    const token = await invite();
    const results = await Promise.allSettled(
      ['bert', 'eve', 'mallory'].map((name) =>
        acceptInvitation(db, { token, name, email: `${name}@example.org`, password }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await listUsers(db)).toHaveLength(2);
  });

  it('keeps to the address that it was made for', async () => {
    const token = await invite('Bert@Example.org');
    await expect(acceptInvitation(db, { token, ...bert, email: 'eve@example.org' })).rejects.toMatchObject({
      code: 'invitation_other_email',
    });
    await expect(acceptInvitation(db, { token, ...bert, email: 'BERT@example.org' })).resolves.toBeDefined();
  });

  it('stays usable when what was typed will not do', async () => {
    const token = await invite();
    const refused = [
      { ...bert, password: 'short' },
      { ...bert, email: 'bert' },
      { ...bert, name: ' ' },
      { ...bert, name: 'Bert\r\nBcc: eve@example.org' },
      { ...bert, email: anna.email },
    ];
    for (const typed of refused) {
      await expect(acceptInvitation(db, { token, ...typed })).rejects.toThrow();
    }
    await expect(acceptInvitation(db, { token, ...bert })).resolves.toBeDefined();
  });

  it('ends when its time is up', async () => {
    const token = await invite();
    await expire(token);
    expect(await readInvitation(db, token)).toBeNull();
    await expect(acceptInvitation(db, { token, ...bert })).rejects.toMatchObject({
      code: 'invitation_not_valid',
    });
  });

  it('is kept as a hash alone', async () => {
    const token = await invite();
    expect(JSON.stringify(await db.select().from(invitations))).not.toContain(token);
  });
});

describe('disabling', () => {
  it('never takes the last admin', async () => {
    const first = await createUser(db, { ...anna, role: 'admin' });
    await expect(disableUser(db, first.id)).rejects.toMatchObject({ code: 'last_admin' });
    const second = await createUser(db, { ...anna, email: 'bert@example.org', role: 'admin' });
    const results = await Promise.allSettled([disableUser(db, first.id), disableUser(db, second.id)]);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toMatchObject([{ code: 'last_admin' }]);
  });
});
