import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AddressPolicy, createAddressPolicy } from './address-policy.ts';
import { canonicalHost, dial, type Resolver, resolveAllowed } from './dialler.ts';
import { HostNotFound, RefusedAddress, Unreachable } from './network-errors.ts';

const strict = createAddressPolicy([]);
const loopbackAllowed = createAddressPolicy(['127.0.0.0/8', '::1']);
let canary: net.Server;
let port: number;
let touched = 0;

const answering =
  (...addresses: string[]): Resolver =>
  async () =>
    addresses.map((address) => ({ address, family: net.isIP(address) }));

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error('it succeeded'),
    (error: Error) => error,
  );
}

beforeAll(async () => {
  canary = net.createServer((socket) => {
    touched += 1;
    socket.end();
  });
  canary.listen(0, '127.0.0.1');
  await once(canary, 'listening');
  port = (canary.address() as net.AddressInfo).port;
});
afterAll(() => canary.close());

describe('dialling', () => {
  it('reaches an address that the setting allows', async () => {
    const before = touched;
    const socket = await dial({
      host: 'mail.example',
      port,
      policy: loopbackAllowed,
      resolver: answering('127.0.0.1'),
    });
    await once(socket, 'close', { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    expect(socket.remoteAddress ?? '127.0.0.1').toBe('127.0.0.1');
    socket.destroy();
    await vi.waitFor(() => expect(touched).toBe(before + 1));
  });

  it('refuses every form of an internal host with one message, and touches nothing', async () => {
    const before = touched;
    const hosts = [
      '127.0.0.1',
      '127.0.0.1.',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '017700000001',
      '１２７.0.0.1',
      '[::1]',
      '::1',
      '[::ffff:7f00:1]',
      '::ffff:127.0.0.1',
      '0.0.0.0',
      '169.254.169.254',
      'localhost',
      'localhost.',
      'LOCALHOST',
    ];
    const errors = await Promise.all(hosts.map((host) => failure(dial({ host, port, policy: strict }))));
    for (const [index, error] of errors.entries()) expect(error, hosts[index]).toBeInstanceOf(RefusedAddress);
    expect(new Set(errors.map(({ message }) => message)).size).toBe(1);
    expect(errors[0]?.message).toContain('ALLOW_PRIVATE_ADDRESSES');
    expect(touched).toBe(before);
  });

  it('answers alike for open and closed ports', async () => {
    const open = await failure(dial({ host: '127.0.0.1', port, policy: strict }));
    const closed = await failure(dial({ host: '127.0.0.1', port: 1, policy: strict }));
    expect({ ...open, message: open.message }).toEqual({ ...closed, message: closed.message });
  });

  it('refuses a public name that resolves to an internal address', async () => {
    for (const internal of ['127.0.0.1', '::ffff:127.0.0.1', '10.0.0.1', '169.254.169.254', 'fd00::1']) {
      const error = await failure(
        dial({ host: '127.0.0.1.nip.io', port, policy: strict, resolver: answering(internal) }),
      );
      expect(error, internal).toBeInstanceOf(RefusedAddress);
    }
  });

  it('connects to the address that it checked, though the name resolves to another at a second look', async () => {
    const before = touched;
    let looks = 0;
    const rebinding: Resolver = async () => {
      looks += 1;
      return [{ address: looks === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }];
    };
    const policy = createAddressPolicy(['192.0.2.0/24']);
    const error = await failure(
      dial({ host: 'rebind.example', port, policy, resolver: rebinding, timeout: 300 }),
    );
    expect(error).toBeInstanceOf(Unreachable);
    expect(looks).toBe(1);
    expect(touched).toBe(before);
  });

  it('drops the internal ones among a name’s addresses', async () => {
    const found = await resolveAllowed('mixed.example', strict, {
      resolver: answering('127.0.0.1', '8.8.8.8', '::1', '2606:4700::1111'),
    });
    expect(found.map(({ address }) => address)).toEqual(['8.8.8.8', '2606:4700::1111']);
  });

  it('drops a connection that ended up elsewhere than was checked', async () => {
    let asked = 0;
    const forgetful: AddressPolicy = { allows: () => ++asked === 1 };
    const error = await failure(
      dial({ host: 'x.example', port, policy: forgetful, resolver: answering('127.0.0.1') }),
    );
    expect(error).toBeInstanceOf(RefusedAddress);
  });

  it('tries a host’s next address where the first does not answer', async () => {
    const resolver = answering('127.0.0.9', '127.0.0.1');
    const socket = await dial({ host: 'two.example', port, policy: loopbackAllowed, resolver });
    expect(socket.remotePort).toBe(port);
    socket.destroy();
  });

  it('says that no such host exists', async () => {
    const resolver: Resolver = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    const error = await failure(dial({ host: 'nowhere.example', port, policy: strict, resolver }));
    expect(error).toBeInstanceOf(HostNotFound);
    expect(error).toMatchObject({ isTemporary: false });
  });

  it('tells a name server that is away from a name that is not there', async () => {
    const resolver: Resolver = async () => {
      throw Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });
    };
    const error = await failure(dial({ host: 'later.example', port, policy: strict, resolver }));
    expect(error).toMatchObject({ isTemporary: true });
  });

  it('says that a port is closed', async () => {
    const gone = net.createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port: closed } = gone.address() as net.AddressInfo;
    gone.close();
    await once(gone, 'close');
    const error = await failure(dial({ host: '127.0.0.1', port: closed, policy: loopbackAllowed }));
    expect(error).toMatchObject({ name: 'Unreachable', reason: 'refused' });
  });

  it('gives up in time on a resolver that never answers', async () => {
    const resolver: Resolver = () => new Promise(() => undefined);
    const error = await failure(dial({ host: 'slow.example', port, policy: strict, resolver, timeout: 50 }));
    expect(error).toMatchObject({ name: 'Unreachable', reason: 'timeout' });
  });

  it('ends with the signal’s reason when it is called off', async () => {
    const controller = new AbortController();
    const resolver: Resolver = () => new Promise(() => undefined);
    const dialling = failure(
      dial({ host: 'slow.example', port, policy: strict, resolver, signal: controller.signal }),
    );
    controller.abort(new Error('called off'));
    expect((await dialling).message).toBe('called off');
  });
});

describe('a typed host', () => {
  it.each([
    [' Mail.Example.ORG. ', 'mail.example.org'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['0x08.0x08.8.8', '8.8.8.8'],
    ['[2606:4700::1111]', '2606:4700::1111'],
    ['_dmarc.example.org', '_dmarc.example.org'],
  ])('%s is %s', (typed, canonical) => expect(canonicalHost(typed)).toBe(canonical));

  it.each([
    '',
    ' ',
    '.',
    'a b',
    'a/b',
    'a@b',
    'a:993',
    'a\r\nb',
    'a\0b',
    'fe80::1%lo',
    '999.1.1.1',
    'x'.repeat(254),
  ])('%j is none', (typed) => expect(() => canonicalHost(typed)).toThrow(HostNotFound));
});
