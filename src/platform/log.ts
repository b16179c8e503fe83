import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Field names whose values never reach a log line, at the top or up to three levels down. */
export const redactedFields = [
  'password',
  'pass',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'sealed',
  'key',
  'nonce',
];

const paths = redactedFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.*.*.${field}`]);

/**
 * A structured logger: one JSON line an event, times in ISO 8601, secrets redacted by field name.
 * @param name the process or part that writes
 */
export function createLog(name: string, level: string, destination?: NodeJS.WritableStream): Log {
  const options = {
    name,
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
