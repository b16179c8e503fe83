import { z } from 'zod';

/**
 * Every environment variable that Mailroom reads, in one table. `.env.example` is generated from it
 * (`node scripts/env-example.ts`) and a test fails when the two differ.
 */
interface Variable<Schema extends z.ZodType> {
  schema: Schema;
  /** What stands in `.env.example`: the default as text, or '' when unset means something of its own. */
  fallback: string;
  unit: string;
  about: string;
}

function variable<Schema extends z.ZodType>(
  schema: Schema,
  fallback: string,
  unit: string,
  about: string,
): Variable<Schema> {
  return { schema, fallback, unit, about };
}

const port = z.coerce.number().int().min(1).max(65535);
const count = z.coerce.number().int().min(1);
const proxies = z.coerce.number().int().min(0).max(10);
const milliseconds = z.coerce.number().int().min(0);
const bytes = z.coerce.number().int().min(0);
const text = z.string();
const optionalText = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === '' ? null : value));
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** `5/300`: five within 300 seconds. */
const rate = z
  .string()
  .regex(/^[1-9]\d{0,6}\/[1-9]\d{0,6}$/, 'must look like 5/300')
  .transform((value) => {
    const [times = 1, seconds = 1] = value.split('/').map(Number);
    return { count: times, seconds };
  });

export const variables = {
  NODE_ENV: variable(
    z.enum(['development', 'production', 'test']),
    'production',
    'name',
    'Which build of Next.js and React runs.',
  ),
  APP_URL: variable(
    optionalText,
    '',
    'URL',
    'Where people reach Mailroom. Required unless it listens on loopback; https unless the host is loopback.',
  ),
  HOST: variable(text, '127.0.0.1', 'address', 'The address the web process listens on.'),
  PORT: variable(port, '3000', 'port', 'The port the web process listens on.'),
  DATABASE_URL: variable(
    optionalText,
    '',
    'URL',
    'Postgres 15 or later, UTF8. The demo starts its own when this is unset.',
  ),
  DATABASE_POOL_SIZE: variable(
    optionalText,
    '',
    'connections',
    'Connections per process; unset: cores × 2 + 1, at least 5, at most 20.',
  ),
  DATABASE_CONNECT_TIMEOUT: variable(milliseconds, '10000', 'ms', 'How long a query waits for a connection.'),
  DATABASE_STATEMENT_TIMEOUT: variable(milliseconds, '30000', 'ms', 'How long one statement may run.'),
  REDIS_URL: variable(
    optionalText,
    '',
    'URL',
    'Redis for queues, messages between processes and limits; unset: queues and messages on Postgres, limits in each process.',
  ),
  REDIS_PREFIX: variable(text, 'mailroom', 'text', 'What every key in Redis starts with.'),
  KEY_FILE: variable(
    text,
    '.mailroom/keys/mailroom.key',
    'path',
    'Keys that seal mail passwords. Made once; back it up.',
  ),
  SESSION_SECRET_FILE: variable(
    text,
    '.mailroom/keys/session.secret',
    'path',
    'The secret behind the cookies of signing in. Made once.',
  ),
  SIGNING_KEY_FILE: variable(
    text,
    '.mailroom/keys/signing.key',
    'path',
    'Keys that sign sessions. Made once; without it everybody has to sign in anew.',
  ),
  TRUSTED_PROXIES: variable(
    proxies,
    '0',
    'proxies',
    'How many proxies of yours stand before Mailroom and add the caller to X-Forwarded-For; 0: nobody’s word is taken.',
  ),
  BLOB_FOLDER: variable(text, '.mailroom/blobs', 'path', 'Where attachment bytes are kept.'),
  LOG_LEVEL: variable(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'info',
    'level',
    'The least severe log line that is written.',
  ),
  ALLOW_PRIVATE_ADDRESSES: variable(
    list,
    '',
    'CIDR list',
    'Private ranges that people may connect mail accounts on, separated by commas.',
  ),
  SYNC_NEWEST_WINDOW: variable(
    count,
    '50',
    'messages',
    'How many of the newest messages of a mailbox are fetched first.',
  ),
  SYNC_BATCH_MESSAGES: variable(count, '500', 'messages', 'The most messages one sync batch fetches.'),
  SYNC_BATCH_BYTES: variable(
    bytes,
    '8388608',
    'bytes',
    'The most source bytes one sync batch holds in memory.',
  ),
  SYNC_SOURCE_LIMIT: variable(
    bytes,
    '1048576',
    'bytes',
    'Sources up to this size are fetched whole; larger ones by their parts.',
  ),
  SYNC_POLL_INTERVAL: variable(
    milliseconds,
    '60000',
    'ms',
    'How often mailboxes that are not watched are looked at.',
  ),
  IMAP_COMMAND_TIMEOUT: variable(
    milliseconds,
    '20000',
    'ms',
    'How long an IMAP command may be silent before its connection is given up.',
  ),
  IMAP_ALIVE_INTERVAL: variable(
    milliseconds,
    '180000',
    'ms',
    'How often a connection that waits for news must prove that it lives; IDLE is issued anew with it.',
  ),
  IMAP_CONNECT_TIMEOUT: variable(
    milliseconds,
    '10000',
    'ms',
    'How long connecting to a mail server may take.',
  ),
  SMTP_TIMEOUT: variable(
    milliseconds,
    '60000',
    'ms',
    'How long an SMTP server may be silent before a send is given up.',
  ),
  SEND_UNDO_SECONDS: variable(
    z.coerce.number().int().min(0).max(60),
    '5',
    's',
    'How long a sent message can be taken back.',
  ),
  SEND_RETRY_DELAY: variable(
    milliseconds,
    '30000',
    'ms',
    'How long a message waits after a first failed attempt; doubled after each further one.',
  ),
  SEND_CLAIM_LIFETIME: variable(
    milliseconds,
    '60000',
    'ms',
    'How long a message that is being sent may go without a sign of life of its worker before that counts as dead.',
  ),
  LIMIT_SEND: variable(
    rate,
    '100/3600',
    'times/s',
    'How much one account may send. What is more waits, says until when, and is sent then.',
  ),
  SYSTEM_SMTP_URL: variable(
    optionalText,
    '',
    'URL',
    'Where mail goes that Mailroom itself sends: smtps://user:password@host:465, or smtp://…:587 for STARTTLS. Unset: it sends none.',
  ),
  SYSTEM_MAIL_FROM: variable(
    optionalText,
    '',
    'address',
    'Whom the mail is from that Mailroom itself sends.',
  ),
  QUEUE_NOTIFICATIONS_CONCURRENCY: variable(
    count,
    '10',
    'jobs',
    'Mails of Mailroom itself, at once in one worker.',
  ),
  ATTACHMENT_LIMIT: variable(
    bytes,
    '26214400',
    'bytes',
    'The largest attachment that can be added to a message.',
  ),
  LIMIT_SIGN_IN: variable(
    rate,
    '5/900',
    'times/s',
    'How often signing in to one address may fail. Then it is locked for a quarter of an hour, each time twice as long.',
  ),
  LIMIT_SIGN_IN_IP: variable(
    rate,
    '5/900',
    'times/s',
    'The same for one IP address: more where many people share one.',
  ),
  LIMIT_REFRESH: variable(
    rate,
    '5/300',
    'times/s',
    'How often one person may ask for new mail of all accounts. What the server reports by itself never counts.',
  ),
  LIMIT_ACCOUNT_SYNC: variable(
    rate,
    '10/300',
    'times/s',
    'How often a sync or repair of one account may be asked for. Batches of one that has begun never count.',
  ),
  LIMIT_BULK: variable(
    rate,
    '5/600',
    'times/s',
    'How often one person may begin an action on very many mails.',
  ),
  SWEEP_INTERVAL: variable(
    count,
    '10000',
    'ms',
    'How often work that is due is looked for in the database: the longest that a lost message between processes costs.',
  ),
  SHUTDOWN_DRAIN: variable(
    milliseconds,
    '10000',
    'ms',
    'How long running work may take to finish at shutdown.',
  ),
  PARSE_THREADS: variable(
    z.coerce.number().int().min(0).max(32),
    '1',
    'threads',
    'Threads in which a worker reads mails; 0: it reads them beside all else it does.',
  ),
  QUEUE_SYNC_CONCURRENCY: variable(count, '3', 'jobs', 'Sync batches at once in one worker.'),
  QUEUE_SEND_CONCURRENCY: variable(count, '5', 'jobs', 'Messages sent at once by one worker.'),
  QUEUE_SEND_RATE: variable(
    rate,
    '10/1',
    'messages/s',
    'How many messages all workers together begin to send.',
  ),
  QUEUE_BULK_CONCURRENCY: variable(count, '2', 'jobs', 'Actions on very many mails, at once in one worker.'),
  QUEUE_BULK_TIME: variable(
    milliseconds,
    '120000',
    'ms',
    'How long an action on very many mails works before the next one has its turn.',
  ),
  QUEUE_PROCESS_CONCURRENCY: variable(
    count,
    '10',
    'jobs',
    'Requests that people wait for, at once in one worker.',
  ),
  DEMO_MAIL: variable(
    z.stringbool(),
    'on',
    'on or off',
    'Whether `npm run demo` and `npm run dev` bring a mail server with two accounts of sample mail.',
  ),
  MAILROOM_STATE: variable(
    text,
    '.mailroom',
    'path',
    'Where `npm run demo` and `npm run dev` keep what must survive a restart.',
  ),
} as const;

type Variables = typeof variables;
export type VariableName = keyof Variables;
export type Environment = { [Name in VariableName]: z.output<Variables[Name]['schema']> };

/** Thrown at start-up; its message names every variable that is wrong, and never a value. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
}

/**
 * Reads and validates the environment. An empty variable counts as unset.
 * @throws EnvironmentError with one line per variable that does not fit
 */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema, fallback, unit }] of Object.entries(variables)) {
    const given = source[name];
    const result = schema.safeParse(given === undefined || given === '' ? fallback : given);
    if (result.success) values[name] = result.data;
    else problems.push(`${name} (${unit}): ${result.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  if (problems.length > 0) {
    throw new EnvironmentError(
      `The environment does not fit:\n  ${problems.join('\n  ')}\nSee .env.example.`,
    );
  }
  return values as Environment;
}

/** The text of `.env.example`. */
export function environmentExample(): string {
  const lines = Object.entries(variables).map(
    ([name, { fallback, unit, about }]) => `# ${about}\n# unit: ${unit}\n${name}=${fallback}\n`,
  );
  return `# Every variable that Mailroom reads, with its default. An empty one counts as unset.\n\n${lines.join('\n')}`;
}
