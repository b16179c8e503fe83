import { ImapFlow } from 'imapflow';
import { afterAll, describe, expect, it } from 'vitest';
import { type CommandFault, type ImapProxy, startImapProxy } from './imap-proxy.ts';

const imapPort = Number(process.env.TEST_IMAP_PORT);

async function signIn({ port }: ImapProxy): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: `u${port}`, pass: process.env.TEST_IMAP_PASSWORD ?? '' },
    logger: false,
    qresync: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  afterAll(() => client.close());
  return client;
}

describe('one Dovecot behind the proxy seems to be', () => {
  it.each([
    ['qresync', true, true],
    ['condstore', false, true],
    ['plain', false, false],
  ] as const)('a server with %s', async (offer, hasQresync, hasCondstore) => {
    const proxy = await startImapProxy(imapPort, offer);
    afterAll(() => proxy.stop());
    const client = await signIn(proxy);
    expect(client.capabilities.has('QRESYNC')).toBe(hasQresync);
    expect(client.enabled.has('QRESYNC')).toBe(hasQresync);
    expect(client.capabilities.has('CONDSTORE')).toBe(hasCondstore);
    expect(client.capabilities.has('MOVE')).toBe(hasCondstore);
    const mailbox = await client.mailboxOpen('INBOX');
    expect(mailbox.highestModseq !== undefined).toBe(hasCondstore);
    const source = 'Subject: A {3} literal\r\n\r\nTäxt {5}\r\n';
    const appended = await client.append('INBOX', Buffer.from(source));
    expect(appended !== false && appended?.uidValidity !== undefined).toBe(hasCondstore);
    const found = await client.fetchOne('*', { source: true });
    expect(found !== false && found?.source?.toString()).toBe(source);
  });
});

describe('a command', () => {
  const behind = async (fault: CommandFault) => {
    const proxy = await startImapProxy(imapPort);
    afterAll(() => proxy.stop());
    const client = await signIn(proxy);
    proxy.onCommand = (name) => {
      if (name !== 'CREATE') return null;
      proxy.onCommand = null;
      return fault;
    };
    const made = await client.mailboxCreate('Made').then(
      () => true,
      () => false,
    );
    const after = client.usable ? client : await signIn(proxy);
    const paths = (await after.list()).map(({ path }) => path);
    return { made, isDropped: after !== client, isThere: paths.includes('Made') };
  };

  it.each([
    ['drop', { made: false, isDropped: true, isThere: false }],
    ['drop-answer', { made: false, isDropped: true, isThere: true }],
    ['BAD', { made: false, isDropped: false, isThere: false }],
    ['NO', { made: false, isDropped: false, isThere: false }],
  ] as const)('meets %s', async (fault, outcome) => {
    expect(await behind(fault)).toEqual(outcome);
  });
});
