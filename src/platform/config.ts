import { availableParallelism } from 'node:os';
import { EnvironmentError, readEnvironment } from './environment.ts';

/** A host name that only this machine can reach; plain http is accepted there alone. */
function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * The whole configuration of a process, derived from the environment.
 * @throws EnvironmentError where a variable is missing or does not fit
 */
export function readConfig(source: Readonly<Record<string, string | undefined>>) {
  const environment = readEnvironment(source);
  const { APP_URL, HOST, PORT, DATABASE_POOL_SIZE } = environment;
  if (APP_URL === null && !isLoopbackHost(HOST)) {
    throw new EnvironmentError(`APP_URL is required because HOST (${HOST}) is not a loopback address.`);
  }
  const url = URL.parse(APP_URL ?? `http://${HOST}:${PORT}`);
  if (url === null) throw new EnvironmentError('APP_URL is not a URL.');
  if (url.protocol !== 'https:' && !isLoopbackHost(url.hostname)) {
    throw new EnvironmentError('APP_URL must be https: plain http is accepted on a loopback host only.');
  }
  const pool = DATABASE_POOL_SIZE === null ? null : Number(DATABASE_POOL_SIZE);
  if (pool !== null && !(Number.isInteger(pool) && pool >= 1)) {
    throw new EnvironmentError('DATABASE_POOL_SIZE (connections) must be a whole number from 1.');
  }
  return {
    ...environment,
    appUrl: url.origin,
    isPlainHttp: url.protocol === 'http:',
    databasePoolSize: pool ?? Math.min(20, Math.max(5, availableParallelism() * 2 + 1)),
  };
}

export type Config = ReturnType<typeof readConfig>;

let current: Config | null = null;

/** This process's configuration, read once. Only entry points and composition roots call it; the rest is handed values. */
export function config(): Config {
  current ??= readConfig(process.env);
  return current;
}
