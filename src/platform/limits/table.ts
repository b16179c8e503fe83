import type { Environment } from '../environment.ts';

/** So many within so long: a sliding window. */
export interface Rate {
  count: number;
  seconds: number;
}

/** Every limit, by the variable that sets it. What each counts stands with that variable. */
export function limitTable(
  environment: Pick<Environment, 'LIMIT_REFRESH' | 'LIMIT_ACCOUNT_SYNC' | 'LIMIT_BULK'>,
) {
  return {
    refresh: environment.LIMIT_REFRESH,
    accountSync: environment.LIMIT_ACCOUNT_SYNC,
    bulk: environment.LIMIT_BULK,
  } satisfies Record<string, Rate>;
}

export type LimitName = keyof ReturnType<typeof limitTable>;
