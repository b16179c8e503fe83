/** `npm run bench -- NAME`: what it measures is printed as it runs; the last line is one JSON object. */

export interface BenchResult {
  figures: Record<string, number>;
  /** The most that a figure may be. */
  targets: Record<string, number>;
  /** What is wrong with the end state; empty where all is right. */
  faults: string[];
}

const benches: Record<string, { about: string; run: () => Promise<BenchResult> }> = {
  'first-mailbox': {
    about:
      'A mailbox of 20,000 messages is connected: when its newest 50 show, when all are there, and at what cost.',
    run: async () => (await import('./first-mailbox.ts')).benchFirstMailbox(),
  },
  'send-chaos': {
    about:
      'A thousand mails through an SMTP server that refuses, stalls and hangs up, with kills, flushes and restarts: whether each came once.',
    run: async () => (await import('./send-chaos.ts')).benchSendChaos(),
  },
  'sync-chaos': {
    about:
      'Two IMAP clients, a person and faults on one account of each kind of server: whether both sides end equal.',
    run: async () => (await import('./sync-chaos.ts')).benchSyncChaos(),
  },
  sync: {
    about:
      'A first sync of 20,000 messages beside the least that it could cost and beside mbsync; the newest 50 at three sizes; a look at 100 mailboxes where nothing changed; new mail until it stands in a browser.',
    run: async () => (await import('./sync.ts')).benchSync(),
  },
};

const [name] = process.argv.slice(2);
const bench = name === undefined ? undefined : benches[name];
if (name === undefined || bench === undefined) {
  if (name !== undefined) console.error(`There is no bench ${name}.`);
  console.log(
    Object.entries(benches)
      .map(([each, { about }]) => `${each}\n    ${about}`)
      .join('\n'),
  );
  process.exit(name === undefined ? 0 : 1);
}

const { figures, targets, faults } = await bench.run();
for (const [figure, limit] of Object.entries(targets)) {
  const value = figures[figure];
  if (value === undefined || value > limit)
    faults.push(`${figure} is ${value ?? 'not measured'}; the limit is ${limit}`);
}
for (const fault of faults) console.error(fault);
console.log(JSON.stringify({ bench: name, figures, targets, ok: faults.length === 0 }));
process.exit(faults.length === 0 ? 0 : 1);
