import { beforeEach, describe, expect, it } from 'vitest';
import { users } from '#db/schema/users.ts';
import { testDatabase } from '#db/testing.ts';
import { signInByPassword } from './sign-in.ts';
import { createUser, setPassword } from './writing.ts';

const db = await testDatabase();
const password = 'correct horse battery';
const anna = { email: 'anna@example.org', name: 'Anna', password, role: 'user' as const };

beforeEach(async () => {
  await db.delete(users);
});

describe('changing a password', () => {
  it('needs the old one', async () => {
    const { id } = await createUser(db, anna);
    for (const oldPassword of ['', 'wrong password']) {
      await expect(
        setPassword(db, { userId: id, oldPassword, newPassword: 'another long password' }),
      ).rejects.toMatchObject({ code: 'password_wrong' });
    }
    expect(await signInByPassword(db, { email: anna.email, password })).not.toBeNull();
  });

  it('takes none that is easily guessed, also from what is known of the person', async () => {
    const { id } = await createUser(db, anna);
    for (const newPassword of ['password123', 'anna@example', 'short']) {
      await expect(
        setPassword(db, { userId: id, oldPassword: password, newPassword }),
        newPassword,
      ).rejects.toMatchObject({ code: expect.stringMatching(/^password_(guessable|too_short)$/) });
    }
    await expect(
      createUser(db, { ...anna, email: 'b@example.org', password: 'iloveyou12' }),
    ).rejects.toMatchObject({
      code: 'password_guessable',
    });
    expect(await signInByPassword(db, { email: anna.email, password })).not.toBeNull();
  });

  it('stores what was typed as a hash alone', async () => {
    const { id } = await createUser(db, anna);
    const newPassword = "a', role='admin";
    await setPassword(db, { userId: id, oldPassword: password, newPassword });
    const [row] = await db.select().from(users);
    expect(row).toMatchObject({ role: 'user' });
    expect(row?.passwordHash).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(row)).not.toContain('admin');
  });

  it('succeeds for one of two at the same moment', async () => {
    const { id } = await createUser(db, anna);
    const results = await Promise.allSettled(
      ['first new password', 'second new password'].map((newPassword) =>
        setPassword(db, { userId: id, oldPassword: password, newPassword }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
