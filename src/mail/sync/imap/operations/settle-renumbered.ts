import { MailProblem } from '../../../problem.ts';
import { aboutOperation } from './about.ts';
import { finish, type OperationParts, type PendingRow, settle } from './parts.ts';

/**
 * Ends an operation on mail of which only the UIDs are known: in mailboxes whose UIDVALIDITY (RFC 9051 §2.3.1.1) is
 * another one by now they might be other mail's, so nothing was done there, and the person is told.
 * @param renumbered the full names of these mailboxes
 */
export async function settleRenumbered(
  parts: OperationParts,
  row: PendingRow,
  renumbered: readonly string[],
): Promise<number> {
  const nothing = async () => undefined;
  if (renumbered.length === 0) return finish(parts, row, nothing);
  const reason = new MailProblem('mailbox_renumbered', renumbered.join(', '));
  return settle(parts, row, reason, await aboutOperation(parts, row.operation), nothing);
}
