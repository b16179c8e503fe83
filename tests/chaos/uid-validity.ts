import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../bench/random.ts';
import { choose } from './steps/step.ts';
import type { World } from './world.ts';

/** First line of a `dovecot-uidlist`, version 3: UIDVALIDITY and the next UID. */
const uidListHead = /^3 V(\d+) N(\d+)/;

/**
 * Gives one mailbox another UIDVALIDITY, as a restored or migrated server does: with the same UIDs, or with new ones.
 * Dovecot is down meanwhile, and makes its indexes anew before Mailroom comes back: made by several sessions at once
 * they would be corrupt.
 */
export async function resetUidValidity(world: World, random: Random): Promise<string> {
  const { dovecot, proxy, user, judge } = world;
  const wasAway = proxy.isAway;
  proxy.isAway = true;
  let said = 'no mailbox to give another UIDVALIDITY';
  await dovecot.restart(async () => {
    said = rewriteUidList(dovecot.home(user), random) ?? said;
  });
  for (const path of await judge.paths()) await judge.open(path);
  proxy.isAway = wasAway;
  return said;
}

function rewriteUidList(home: string, random: Random): string | null {
  if (!existsSync(home)) return null;
  const below = readdirSync(home).filter((name) => name.startsWith('.'));
  const folders = [home, ...below.map((name) => join(home, name))]
    .filter((folder) => existsSync(join(folder, 'dovecot-uidlist')))
    .sort();
  // The inbox is first, and more is at stake there.
  const folder = random.below(2) === 0 ? folders[0] : choose(random, folders);
  if (folder === undefined) return null;
  const uidList = join(folder, 'dovecot-uidlist');
  const text = readFileSync(uidList, 'utf8');
  const [head, validity, next] = uidListHead.exec(text) ?? [];
  if (head === undefined) return null;
  const other = Number(validity) + 1 + random.below(1000);
  const isRenumbered = random.below(2) === 0;
  // Without entries Dovecot gives every file a new UID, from 1.
  writeFileSync(
    uidList,
    isRenumbered ? `3 V${other} N1\n` : text.replace(uidListHead, `3 V${other} N${next}`),
  );
  removeIndexes(home, /^dovecot\.list\.index/);
  removeIndexes(folder, /^dovecot\.index/);
  const name = folder.slice(home.length) || 'INBOX';
  return `${name} gets UIDVALIDITY ${other} instead of ${validity}, ${isRenumbered ? 'UIDs from 1' : 'the same UIDs'}`;
}

function removeIndexes(folder: string, names: RegExp): void {
  for (const name of readdirSync(folder)) if (names.test(name)) rmSync(join(folder, name));
}
