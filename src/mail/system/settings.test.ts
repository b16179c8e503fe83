import { describe, expect, it } from 'vitest';
import { systemMailSettings } from './settings.ts';

const read = (address: string | null, from: string | null = 'mailroom@example.org') =>
  systemMailSettings({ SYSTEM_SMTP_URL: address, SYSTEM_MAIL_FROM: from });

describe("the settings of Mailroom's own mail", () => {
  it.each([
    ['smtps://ada:p%40ss@mail.example', { host: 'mail.example', port: 465, security: 'tls', user: 'ada' }],
    [
      'smtp://a%40b.example:p%40ss@mail.example:2525',
      { port: 2525, security: 'starttls', user: 'a@b.example' },
    ],
    ['smtp://ada:p%40ss@127.0.0.1:25?plain', { host: '127.0.0.1', port: 25, security: 'none' }],
  ])('%s', (address, server) => {
    expect(read(address)).toMatchObject({ server, password: 'p@ss', from: 'mailroom@example.org' });
  });

  it('may be wanting', () => {
    expect(read(null)).toBeNull();
  });

  it.each(['mail.example', 'https://ada:secret@mail.example', 'smtp://mail.example', 'smtps://ada:secret@'])(
    'say what is wrong with %s, and not what is in it',
    (address) => {
      expect(() => read(address)).toThrow(/SYSTEM_SMTP_URL/);
      expect(() => read(address)).not.toThrow(/secret/);
    },
  );

  it('name the sender', () => {
    expect(() => read('smtps://ada:p@mail.example', null)).toThrow(/SYSTEM_MAIL_FROM/);
  });
});
