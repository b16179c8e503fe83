import type { ImapFlow } from 'imapflow';
import { MailProblem } from '../../../problem.ts';

/**
 * The answer of a command, where it is one: the library says `false` of a command that the server refused, and of one
 * that the connection was lost with, and throws neither.
 * @throws MailProblem `unreachable` on a lost connection, else `operation_refused` with the command's name
 */
export function accepted<T>(client: Pick<ImapFlow, 'usable'>, answer: T | false, command: string): T {
  if (answer !== false) return answer;
  throw client.usable
    ? new MailProblem('operation_refused', command)
    : new MailProblem('unreachable', command);
}
