import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Below these versions, published advisories apply to how Mailroom uses the package. */
const floors: Readonly<Record<string, string>> = {
  next: '16.3.3',
  'next-auth': '4.24.15',
  dompurify: '3.4.11',
  nodemailer: '9.0.1',
  '@trpc/server': '11.8.0',
  '@trpc/client': '11.8.0',
  'postal-mime': '2.4.6',
  react: '19.2.1',
  'react-dom': '19.2.1',
};

interface Locked {
  version?: string;
  integrity?: string;
  link?: boolean;
}

const lock: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
);

function parts(version: string): number[] {
  return version.split('-')[0]!.split('.').map(Number);
}

function isAtLeast(version: string, floor: string): boolean {
  const [have, need] = [parts(version), parts(floor)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (have[index] ?? 0) - (need[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

describe('package-lock.json', () => {
  it.each(Object.entries(floors))('has no %s below %s, nested copies included', (name, floor) => {
    const copies = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
    expect(copies.length).toBeGreaterThan(0);
    for (const [path, { version }] of copies) expect(isAtLeast(version ?? '0.0.0', floor), path).toBe(true);
  });

  it('names the integrity of every package', () => {
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, entry]) => entry.integrity === undefined).map(([path]) => path)).toEqual([]);
  });
});

it('a version below the floor is found', () => {
  expect(isAtLeast('16.3.2', '16.3.3')).toBe(false);
  expect(isAtLeast('15.9.9', '16.3.3')).toBe(false);
  expect(isAtLeast('16.10.0', '16.3.3')).toBe(true);
});
