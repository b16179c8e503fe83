import type { accounts } from '#db/schema.ts';
import { providerOfHost } from '../accounts/providers.ts';

/**
 * Whether the account's provider puts what it sends into Sent by itself. What is sent by another host of Gmail's (a
 * relay of an organisation) is filed by Gmail all the same.
 */
export function filesSentMail({
  isGmail,
  smtp,
}: Pick<typeof accounts.$inferSelect, 'isGmail' | 'smtp'>): boolean {
  return isGmail || providerOfHost(smtp.host)?.filesSentCopy === true;
}
