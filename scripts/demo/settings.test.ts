import { expect, it } from 'vitest';
import { readSettings } from './settings.ts';

it('the local stack keeps its state beside the program and brings a mail server, unless told otherwise', () => {
  expect(readSettings('/opt/mailroom', {})).toEqual({
    root: '/opt/mailroom',
    state: '/opt/mailroom/.mailroom',
    databaseUrl: null,
    hasDemoMail: true,
  });
  const told = { MAILROOM_STATE: '/srv/state', DATABASE_URL: 'postgres://db/mailroom' };
  for (const off of ['off', 'OFF', 'no', 'false', '0']) {
    expect(readSettings('/opt/mailroom', { ...told, DEMO_MAIL: off })).toEqual({
      root: '/opt/mailroom',
      state: '/srv/state',
      databaseUrl: 'postgres://db/mailroom',
      hasDemoMail: false,
    });
  }
});

it('a word for DEMO_MAIL that says neither yes nor no is refused by name', () => {
  expect(() => readSettings('/opt/mailroom', { DEMO_MAIL: 'perhaps' })).toThrow('DEMO_MAIL (on or off)');
});
