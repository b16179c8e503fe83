/** What the tests need to know of the running program. */
export interface E2eStack {
  address: string;
  /** The file of the keys that sign sessions. */
  signingKeyFile: string;
  users: { email: string; name: string; password: string; role: 'user' | 'admin' }[];
  dovecot: { port: number; smtpPort: number; password: string };
}

export function stack(): E2eStack {
  const text = process.env.E2E_STACK;
  if (text === undefined) throw new Error('E2E_STACK is unset: run this by `playwright test`.');
  return JSON.parse(text);
}

/** One of the demo's people. */
export function person(name: 'Anna' | 'Ben') {
  const found = stack().users.find((user) => user.name.startsWith(name));
  if (found === undefined) throw new Error(`The demo has no ${name}.`);
  return found;
}
