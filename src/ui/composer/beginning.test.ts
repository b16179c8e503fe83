import { expect, it } from 'vitest';
import { identityOf } from './beginning.ts';

const identity = (id: string) => ({ id, name: '', email: `${id}@example.org` }) as never;

it('a draft whose identity was removed is from the first one of its own account', () => {
  const accounts = [
    { id: 'other', identities: [identity('x')] },
    { id: 'own', identities: [identity('first'), identity('second')] },
  ];
  expect(identityOf(accounts, { accountId: 'own', identityId: 'second' })?.id).toBe('second');
  expect(identityOf(accounts, { accountId: 'own', identityId: 'gone' })?.id).toBe('first');
});
