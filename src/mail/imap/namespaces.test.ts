import { expect, it } from 'vitest';
import { inNamespace, isPersonal } from './namespaces.ts';

const personal = [{ prefix: 'INBOX.', delimiter: '.' }];
const shared = [{ prefix: 'Shared.', delimiter: '.' }];

it.each([
  ['Foo', 'INBOX.Foo'],
  ['INBOX.Foo', 'INBOX.Foo'],
  ['inbox', 'inbox'],
  ['INBOXES', 'INBOX.INBOXES'],
  ['Shared.Team', 'Shared.Team'],
  ['Shared', 'Shared'],
  ['SharedNot', 'INBOX.SharedNot'],
])('%s is %s where the personal mailboxes lie in INBOX', (name, full) => {
  expect(inNamespace({ namespaces: { personal, other: false, shared } }, name)).toBe(full);
});

it('a name stays as it is where there is no prefix', () => {
  const top = [{ prefix: '', delimiter: '/' }];
  expect(inNamespace({ namespaces: { personal: top, other: false, shared: false } }, 'Foo')).toBe('Foo');
  expect(inNamespace({ namespaces: undefined }, 'Foo')).toBe('Foo');
});

it('what lies in a shared namespace is nobody’s own', () => {
  const top = [{ prefix: '', delimiter: '/' }];
  const namespaces = {
    personal: top,
    other: false as const,
    shared: [{ prefix: 'Shared/', delimiter: '/' }],
  };
  const own = ['INBOX', 'Shared/Team', 'Sharedness'].map((name) => isPersonal({ namespaces }, name));
  expect(own).toEqual([true, false, true]);
});
