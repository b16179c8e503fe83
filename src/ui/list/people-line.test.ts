import { describe, expect, it } from 'vitest';
import { peopleLine } from './people-line.ts';

const person = (name: string, isMe = false, isUnread = false) => ({
  name,
  address: `${name || 'x'}@example.org`,
  isMe,
  isUnread,
});
const line = (...people: ReturnType<typeof person>[]) =>
  peopleLine(people, 'me', 'nobody')
    .map(({ text }) => text)
    .join(', ');

describe('the people of a row', () => {
  it('names one by the whole name', () => {
    expect(line(person('Ilse Brandt'))).toBe('Ilse Brandt');
  });

  it('names several by first names, me last', () => {
    expect(line(person('Me Myself', true), person('Noor Haddad'), person('Vidal, Tomás'))).toBe(
      'Noor, Tomás, me',
    );
  });

  it('takes the address where there is no name', () => {
    expect(line(person(''), person('Ann Lee'))).toBe('x@example.org, Ann');
  });

  it('shortens many in the middle', () => {
    expect(line(...['A a', 'B b', 'C c', 'D d', 'E e'].map((name) => person(name)))).toBe('A, …, D, E');
  });

  it('says when there is nobody', () => {
    expect(line()).toBe('nobody');
  });

  it('keeps who is unread', () => {
    expect(peopleLine([person('Ann', false, true)], 'me', 'nobody')).toEqual([
      { text: 'Ann', isUnread: true },
    ]);
  });
});
