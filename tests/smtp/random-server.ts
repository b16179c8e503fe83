import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { Random } from '../../bench/random.ts';

/**
 * What becomes of a message. `drop`: the connection is cut there; `silence`: nothing is answered from there on. After
 * the dot the message may have been taken or not: the sender cannot know.
 */
export const fates = [
  'taken',
  'refused_sender_for_now',
  'refused_recipient_for_now',
  'refused_one_for_now',
  'refused_message_for_now',
  'refused_for_good',
  'drop_greeting',
  'silence_greeting',
  'drop_sender',
  'silence_sender',
  'drop_before_data',
  'drop_inside_data',
  'drop_after_dot',
  'silence_after_dot',
  'drop_after_taking',
] as const;
export type Fate = (typeof fates)[number];

/** Of a hundred, how many have another fate than to be taken. */
const troubles: readonly (readonly [Fate, number])[] = [
  ['refused_sender_for_now', 4],
  ['refused_recipient_for_now', 3],
  ['refused_one_for_now', 6],
  ['refused_message_for_now', 4],
  ['refused_for_good', 1],
  ['drop_greeting', 3],
  ['silence_greeting', 1],
  ['drop_sender', 3],
  ['silence_sender', 1],
  ['drop_before_data', 3],
  ['drop_inside_data', 2],
  ['drop_after_dot', 2],
  ['silence_after_dot', 1],
  ['drop_after_taking', 2],
];

function drawFate(random: Random): Fate {
  let left = random.below(100);
  for (const [fate, share] of troubles) {
    left -= share;
    if (left < 0) return fate;
  }
  return 'taken';
}

export interface RandomSmtp {
  port: number;
  /** How often a message was taken for a recipient: the receiving end's word. */
  takenFor(messageId: string, address: string): number;
  /** How often each fate came. */
  fates: ReadonlyMap<Fate, number>;
  stop(): Promise<void>;
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Recipients of this name are the ones who may be refused while others are taken. */
export const moody = 'moody';

const keyOf = (messageId: string, address: string) => `${messageId} ${address}`;

function reply(code: number): Error {
  return Object.assign(new Error('As the dice fell'), { responseCode: code });
}

/** A real SMTP server on loopback that refuses, stalls and hangs up at random, and counts what it took. */
export async function startRandomSmtp(random: Random, password: string): Promise<RandomSmtp> {
  const sockets = new Map<number, Socket>();
  const taken = new Map<string, number>();
  const met = new Map<Fate, number>();
  const fateOf = new Map<string, Fate>();
  const hangUp = (port: number) => sockets.get(port)?.destroy();

  /** Answers, unless the session's fate is another here. */
  function pass(
    session: { id: string; remotePort: number },
    ends: { drop: Fate; silence?: Fate; refusals?: readonly (readonly [Fate, number])[] },
    callback: (error?: Error | null) => void,
  ): void {
    const fate = fateOf.get(session.id);
    const refusal = ends.refusals?.find(([each]) => each === fate);
    if (fate === ends.drop) hangUp(session.remotePort);
    else if (refusal !== undefined) callback(reply(refusal[1]));
    else if (fate === undefined || fate !== ends.silence) callback();
  }

  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    authMethods: ['PLAIN'],
    closeTimeout: 100,
    onConnect(session, callback) {
      const fate = drawFate(random);
      fateOf.set(session.id, fate);
      count(met, fate);
      pass(session, { drop: 'drop_greeting', silence: 'silence_greeting' }, callback);
    },
    onAuth(auth, _session, callback) {
      if (auth.password === password) callback(null, { user: auth.username });
      else callback(reply(535));
    },
    onMailFrom(_address, session, callback) {
      const refusals = [['refused_sender_for_now', 451]] as const;
      pass(session, { drop: 'drop_sender', silence: 'silence_sender', refusals }, callback);
    },
    onRcptTo({ address }, session, callback) {
      const refusesOne = address.startsWith(moody) ? ([['refused_one_for_now', 452]] as const) : [];
      const refusals = [['refused_recipient_for_now', 450], ...refusesOne] as const;
      pass(session, { drop: 'drop_before_data', refusals }, callback);
    },
    onData(stream, session, callback) {
      const fate = fateOf.get(session.id);
      if (fate === 'drop_inside_data') {
        stream.once('data', () => hangUp(session.remotePort));
        stream.on('error', () => undefined);
        return;
      }
      buffer(stream).then((raw) => {
        const id = /^Message-ID: <(.+)>\r$/im.exec(raw.toString('latin1'))?.[1] ?? 'none';
        const isRefused = fate === 'refused_message_for_now' || fate === 'refused_for_good';
        if (isRefused) return callback(reply(fate === 'refused_for_good' ? 554 : 451));
        if (fate === 'drop_after_dot') return hangUp(session.remotePort);
        if (fate === 'silence_after_dot') return;
        // It is in the recipient's hands before the sender hears of it.
        for (const { address } of session.envelope.rcptTo) count(taken, keyOf(id, address));
        if (fate === 'drop_after_taking') return hangUp(session.remotePort);
        callback();
      }, callback);
    },
    onClose(session) {
      fateOf.delete(session.id);
      sockets.delete(session.remotePort);
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => sockets.set(socket.remotePort ?? 0, socket));
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    takenFor: (messageId, address) => taken.get(keyOf(messageId, address)) ?? 0,
    fates: met,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
  };
}
