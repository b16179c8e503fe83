import type { emails } from '#db/schema.ts';
import type { KeptEmail } from '../content/kept-email.ts';
import { baseSubject, isReplySubject } from '../content/subject.ts';
import type { Threaded } from '../threads/assign.ts';
import type { FetchedCopy } from './incoming.ts';

export type EmailRowValues = Omit<typeof emails.$inferSelect, 'state'>;

/** What is listed of a subject in the index of base subjects. */
const baseSubjectLength = 200;

/** The row of a mail before it has a thread. */
export function emailRow(accountId: string, id: string, copy: FetchedCopy): EmailRowValues {
  const common = {
    accountId,
    id,
    threadId: id,
    receivedAt: copy.receivedAt,
    size: copy.size,
    remoteId: copy.remoteId,
    remoteThreadId: copy.remoteThreadId,
  };
  if (copy.content.kind === 'failed') {
    return {
      ...common,
      messageId: null,
      inReplyTo: [],
      references: [],
      subject: '',
      baseSubject: '',
      from: [],
      to: [],
      cc: [],
      bcc: [],
      replyTo: [],
      sentAt: null,
      snippet: '',
      hasAttachment: false,
      listUnsubscribe: null,
      listUnsubscribePost: null,
      listId: null,
      calendarMethod: null,
      authenticationResults: [],
      bodyStatus: 'failed',
      bodyProblem: copy.content.problem,
      fetchAttempts: 1,
    };
  }
  return { ...common, ...contentColumns(copy.content.parsed) };
}

/** The columns of an Email that come from its content. */
export function contentColumns(
  parsed: KeptEmail,
): Omit<
  EmailRowValues,
  'accountId' | 'id' | 'threadId' | 'receivedAt' | 'size' | 'remoteId' | 'remoteThreadId'
> {
  return {
    messageId: parsed.messageId,
    inReplyTo: parsed.inReplyTo,
    references: parsed.references,
    subject: parsed.subject,
    baseSubject: baseSubject(parsed.subject).toLowerCase().slice(0, baseSubjectLength),
    from: parsed.from,
    to: parsed.to,
    cc: parsed.cc,
    bcc: parsed.bcc,
    replyTo: parsed.replyTo,
    sentAt: parsed.sentAt,
    snippet: parsed.snippet,
    hasAttachment: parsed.attachments.some((file) => file.disposition === 'attachment'),
    listUnsubscribe: parsed.listUnsubscribe,
    listUnsubscribePost: parsed.listUnsubscribePost,
    listId: parsed.listId,
    calendarMethod: parsed.calendarMethod,
    authenticationResults: parsed.authenticationResults,
    bodyStatus: 'stored',
    bodyProblem: parsed.problem,
    fetchAttempts: 0,
  };
}

export function threadedOf(row: EmailRowValues): Threaded {
  return {
    emailId: row.id,
    messageId: row.messageId,
    remoteThreadId: row.remoteThreadId,
    inReplyTo: row.inReplyTo,
    references: row.references,
    baseSubject: row.baseSubject,
    isReply: isReplySubject(row.subject),
    people: [...row.from, ...row.to, ...row.cc],
    receivedAt: row.receivedAt,
  };
}
