import { pokeAccount } from '../../../src/mail/notify.ts';
import type { CommandFault } from '../../faults/imap-proxy.ts';
import { passTime } from '../settle.ts';
import { resetUidValidity } from '../uid-validity.ts';
import { calm } from '../world.ts';
import type { StepTable } from './step.ts';

/** A refused sign-in that is not the moment's fault pauses the account, and that is right: nothing to test here. */
const signIn = new Set(['LOGIN', 'AUTHENTICATE']);

/** What befalls connections, servers and workers. */
export const faultSteps: StepTable = {
  'connections last few bytes': {
    weight: 3,
    async step({ proxy }, random) {
      const [least, span] = [200 + random.below(3000), 1 + random.below(8000)];
      proxy.dropAfter = () => least + random.below(span);
      proxy.dropAll();
      return `connections last ${least} to ${least + span} bytes`;
    },
  },
  'a drop': {
    weight: 3,
    async step({ proxy }) {
      proxy.dropAll();
      return 'all connections are dropped';
    },
  },
  'a fault at one command': {
    weight: 10,
    async step({ proxy }, random) {
      const fault = random.pick<CommandFault>(['drop', 'drop-answer', 'drop-answer', 'BAD', 'NO', 'silence']);
      let left = random.below(8);
      proxy.onCommand = (name) => {
        left -= 1;
        if (left >= 0 || signIn.has(name)) return null;
        proxy.onCommand = null;
        return fault;
      };
      return `${fault} at the command after ${left} others`;
    },
  },
  'a drop at every other command': {
    weight: 3,
    async step({ proxy }, random) {
      const odds = 3 + random.below(6);
      proxy.onCommand = (name) =>
        signIn.has(name) || random.below(odds) > 0
          ? null
          : random.pick<CommandFault>(['drop', 'drop-answer']);
      return `one command in ${odds} costs the connection`;
    },
  },
  'a command is refused': {
    weight: 3,
    async step({ proxy }, random) {
      const refused = random.pick([
        'STORE',
        'MOVE',
        'COPY',
        'EXPUNGE',
        'FETCH',
        'SELECT',
        'EXAMINE',
        'LIST',
        'STATUS',
      ]);
      const fault = random.pick<CommandFault>(['NO', 'BAD']);
      proxy.onCommand = (name) => (name.endsWith(refused) ? fault : null);
      return `every ${refused} is answered ${fault}`;
    },
  },
  'a BYE': {
    weight: 2,
    async step({ proxy }, random) {
      proxy.bye = 'Too many connections';
      if (random.below(2) === 0) proxy.dropAll();
      return 'the server greets with BYE';
    },
  },
  'the server is away': {
    weight: 2,
    async step({ proxy }) {
      proxy.isAway = true;
      proxy.dropAll();
      return 'the server is away';
    },
  },
  slowness: {
    weight: 2,
    async step({ proxy }, random) {
      const longest = 2 + random.below(30);
      proxy.delay = () => random.below(longest);
      return `every line takes up to ${longest} ms`;
    },
  },
  calm: {
    weight: 6,
    async step(world) {
      calm(world);
      return 'the faults end';
    },
  },
  'sync now': {
    weight: 6,
    async step({ deps, accountId }) {
      await pokeAccount(deps.messages, accountId, { kind: 'sync' });
      return 'sync now';
    },
  },
  'time passes': {
    weight: 4,
    async step(world) {
      await passTime(world);
      return 'what waits for its time is due';
    },
  },
  'another worker': {
    weight: 2,
    async step({ workers }) {
      if (workers.count >= 3) await workers.stopOne();
      await workers.start();
      return `a worker starts; ${workers.count} are running`;
    },
  },
  'the worker is started again': {
    weight: 3,
    async step({ workers }) {
      await workers.stopOne();
      await workers.start();
      return 'the worker is started again';
    },
  },
  'a stolen lease': {
    weight: 2,
    async step({ workers, accountId }) {
      await workers.stealLease(accountId);
      return 'another worker takes the lease';
    },
  },
  'the server is started again': {
    weight: 1,
    async step({ dovecot }) {
      await dovecot.restart();
      return 'Dovecot is started again';
    },
  },
  'another UIDVALIDITY': {
    weight: 2,
    step: resetUidValidity,
  },
};

/** The wake of a lost hint: time passes, or Mailroom says that something has changed. */
export const pauseSteps: StepTable = {
  breathe: {
    weight: 30,
    async step({ deps, accountId }, random) {
      const longest = 20 + random.below(400);
      const { promise, resolve } = Promise.withResolvers<string>();
      const forget = await deps.messages.subscribe(`changes.${accountId}`, () => resolve('has changed'));
      const timer = setTimeout(() => resolve('is quiet'), longest);
      const said = await promise;
      clearTimeout(timer);
      await forget();
      return `wait up to ${longest} ms: Mailroom ${said}`;
    },
  },
};
