import { describe, expect, it } from 'vitest';
import { type Original, prefill } from './prefill.ts';

const person = (address: string, name = '') => ({ name, address });
const ada = person('ada@example.org', 'Ada');
const bob = person('bob@example.net', 'Bob');
const cleo = person('cleo@example.net', 'Cleo');
const own = ['ada@example.org', 'lovelace@example.org'];
const original = (more: Partial<Original> = {}): Original => ({
  from: [bob],
  replyTo: [],
  to: [ada, cleo],
  cc: [person('dan@example.net')],
  subject: 'Lunch',
  sentAt: new Date('2026-03-01T12:05:00Z'),
  text: 'At noon?\n> earlier\nBob',
  ...more,
});
const addresses = (people: readonly { address: string }[]) => people.map(({ address }) => address);

describe('a reply', () => {
  it('goes to the sender alone', () => {
    const { to, cc, subject } = prefill('reply', original(), own);
    expect(addresses(to)).toEqual(['bob@example.net']);
    expect(cc).toEqual([]);
    expect(subject).toBe('Re: Lunch');
  });

  it('goes where the sender wants replies', () => {
    const list = original({ replyTo: [person('list@example.net')] });
    expect(addresses(prefill('reply', list, own).to)).toEqual(['list@example.net']);
  });

  it('to all goes to everybody once, and not to oneself under any of one’s addresses', () => {
    const crowded = original({
      to: [ada, cleo, person('LOVELACE@example.org')],
      cc: [person('BOB@example.net'), person('dan@example.net'), person('Dan@example.net')],
    });
    const { to, cc } = prefill('replyAll', crowded, own);
    expect(addresses(to)).toEqual(['bob@example.net']);
    expect(addresses(cc)).toEqual(['cleo@example.net', 'dan@example.net']);
  });

  it('to one’s own mail goes to those it was sent to', () => {
    const { to, cc } = prefill('replyAll', original({ from: [ada], to: [bob, cleo] }), own);
    expect(addresses(to)).toEqual(['bob@example.net', 'cleo@example.net']);
    expect(addresses(cc)).toEqual(['dan@example.net']);
  });

  it('does not heap up prefixes', () => {
    expect(prefill('reply', original({ subject: 'Re: AW: Re: Lunch' }), own).subject).toBe('Re: Lunch');
    expect(prefill('forward', original({ subject: 'Fwd: Lunch' }), own).subject).toBe('Fwd: Lunch');
  });

  it('quotes each line, and says whose words they are', () => {
    const { text } = prefill('reply', original(), own);
    expect(text).toContain('Bob <bob@example.net> wrote:\n> At noon?\n>> earlier\n> Bob\n');
    expect(text).toContain('1 Mar 2026');
  });

  it('to a mail without a sender has nobody yet, and still quotes', () => {
    const { to, text } = prefill('reply', original({ from: [] }), own);
    expect(to).toEqual([]);
    expect(text).toContain('somebody wrote:');
  });
});

it('a forward has nobody yet, and the mail with its header', () => {
  const { to, cc, text } = prefill('forward', original(), own);
  expect([...to, ...cc]).toEqual([]);
  expect(text).toContain('From: Bob <bob@example.net>');
  expect(text).toContain('To: Ada <ada@example.org>, Cleo <cleo@example.net>');
  expect(text).toContain('Cc: dan@example.net');
  expect(text).toContain('\n\nAt noon?\n> earlier\nBob');
});
