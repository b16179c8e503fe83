/**
 * What leaves the mail domain: the shapes that the API answers with and the browser shows.
 * Times are milliseconds since 1970; ids are UUIDs.
 */

export type Role = 'inbox' | 'archive' | 'drafts' | 'sent' | 'junk' | 'trash' | 'all' | 'flagged';
export type Security = 'tls' | 'starttls' | 'none';

export interface Address {
  /** '' where there is none. */
  name: string;
  address: string;
}

/** `code` selects the sentence in the message catalogue (`problems.<code>`); `detail` is what the other side said. */
export interface Problem {
  code: string;
  detail: string | null;
  at: number;
}

export interface MailboxView {
  id: string;
  accountId: string;
  /** The last part of its name; the whole path by `parentId`. */
  name: string;
  parentId: string | null;
  role: Role | null;
  isSelectable: boolean;
  /** A mailbox that a person has hidden is not subscribed to. */
  isSubscribed: boolean;
  /** The role was given by a person. */
  isRoleByHand: boolean;
  emailCount: number;
  unreadCount: number;
  /** What the server counts; null before it was asked. Greater than `emailCount` while older mail still comes. */
  remoteCount: number | null;
  isSynced: boolean;
  lastSyncedAt: number | null;
  problem: Problem | null;
}

/** What a person did and the mail server would not have: it is taken back here, and said until it is dismissed. */
export interface OperationProblemView {
  id: number;
  kind:
    | 'store'
    | 'move'
    | 'copy'
    | 'destroy'
    | 'append'
    | 'file_draft'
    | 'learn_junk'
    | 'empty'
    | 'create_mailbox'
    | 'rename_mailbox'
    | 'delete_mailbox'
    | 'subscribe';
  /** How many mails it was about, and the subjects of a few of them. */
  count: number;
  subjects: string[];
  /** The name of the mailbox that it was about. */
  mailbox: string | null;
  problem: Problem;
}

export interface SignatureView {
  id: string;
  name: string;
  /** As the editor wrote it, untrusted; null where the signature is plain text. */
  html: string | null;
  text: string;
}

/** A name and address that an account sends as. An account's first identity is its default one. */
export interface IdentityView {
  id: string;
  name: string;
  email: string;
  /** What the person calls it among themselves; it is never sent. */
  label: string | null;
  replyTo: string | null;
  /** A blind copy of each message goes to `email` too. */
  bccSelf: boolean;
  isDefault: boolean;
  /** Where its sent mail is filed; null: the mailbox of role sent. */
  sentMailboxId: string | null;
  /** The first one is put under a new message. */
  signatures: SignatureView[];
}

/** Somebody whom one has written to, or who has written to one. */
export interface PersonView {
  name: string;
  address: string;
  /** When they were last written to; null where they only wrote. */
  lastWrittenAt: number | null;
}

export interface AccountView {
  id: string;
  address: string;
  name: string;
  /** A CSS colour from the account palette. */
  color: string;
  status: 'connecting' | 'active' | 'waiting' | 'needs_password' | 'paused';
  problem: Problem | null;
  state: number;
  lastSyncedAt: number | null;
  /** When the servers are tried again, after a failure. */
  retryAt: number | null;
  /** How changes made elsewhere are heard of; null before it has connected. */
  liveBy: 'notify' | 'idle' | 'poll' | null;
  /** How often mailboxes that are not watched are looked at; null: as the operator's setting has it. */
  pollSeconds: number | null;
  /** What the server says of the storage, in bytes; null where it says nothing. */
  quota: { used: number; limit: number } | null;
  /** Changes made here that the server has not been told of yet. */
  waitingOperations: number;
  operationProblems: OperationProblemView[];
  /** Copies here, and on the server (null before every mailbox was asked). */
  progress: { stored: number; total: number | null };
  mailboxes: MailboxView[];
  identities: IdentityView[];
}

/** One row of either list. In the list of single mails `threadId` is the mail's thread and `count` is 1. */
export interface ListRow {
  accountId: string;
  mailboxId: string;
  threadId: string;
  /** The newest mail of the conversation in this mailbox. */
  emailId: string;
  /** Oldest first, the account's own addresses last. */
  people: { name: string; address: string; isMe: boolean; isUnread: boolean }[];
  count: number;
  unread: number;
  subject: string;
  snippet: string;
  receivedAt: number;
  isFlagged: boolean;
  isAnswered: boolean;
  hasAttachment: boolean;
  /** The newest mail could not be fetched or read. */
  isBroken: boolean;
}

export interface AttachmentView {
  position: number;
  filename: string;
  mediaType: string;
  size: number;
  contentId: string | null;
  disposition: 'inline' | 'attachment';
}

export interface CopyView {
  id: string;
  mailboxId: string;
  keywords: string[];
}

export type SubmissionStatus =
  | 'scheduled'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'failed'
  | 'unconfirmed'
  | 'canceled';

/**
 * What a message waits for. `undo`: the seconds for taking it back; `time`: the time that was chosen; `retry`: the next
 * attempt, of a sent one for its `deferred` recipients; `limit`: the account has sent as much as it may in an hour;
 * `password`: its account's password, which a person has to enter; `pause`: that a person resumes its account.
 */
export type SubmissionWait =
  | { for: 'undo' | 'time' | 'retry' | 'limit'; until: number }
  | { for: 'password' | 'pause'; until: null };

export interface SubmissionView {
  id: string;
  accountId: string;
  emailId: string;
  threadId: string;
  status: SubmissionStatus;
  subject: string;
  to: string[];
  /** Until then it can be taken back. */
  sendAt: number;
  /** The IANA zone in which the person chose `sendAt`; null where nobody chose a time. */
  timeZone: string | null;
  archiveAfterSending: boolean;
  /** What it waits for, and until when; null where it is on its way, or settled. */
  waiting: SubmissionWait | null;
  attempts: number;
  nextAttemptAt: number;
  /** Recipients that the server refused for good while it took the message for the others. */
  refused: { address: string; reply: string }[];
  /** Recipients that the server would not take yet while the others have it: they alone are tried again by themselves. */
  deferred: { address: string; reply: string }[];
  /** Of a sent message: what of it did not come true, said until `submissions.dismiss` (as `refused` is). */
  problem: Problem | null;
}

/** The text and HTML of a mail as they came: hostile. Shown only through the sanitiser and the frame. */
export interface BodyView {
  text: string;
  html: string | null;
}

export interface EmailView {
  id: string;
  accountId: string;
  threadId: string;
  messageId: string | null;
  from: Address[];
  to: Address[];
  cc: Address[];
  bcc: Address[];
  replyTo: Address[];
  subject: string;
  sentAt: number | null;
  receivedAt: number;
  snippet: string;
  size: number;
  isSeen: boolean;
  isFlagged: boolean;
  copies: CopyView[];
  attachments: AttachmentView[];
  authenticationResults: string[];
  listUnsubscribe: string | null;
  bodyStatus: 'stored' | 'missing' | 'failed';
  bodyProblem: string | null;
  /** Given with the thread for the newest and the unread mails while it stays under 512 KB; else null, and asked for by `emails.body`. */
  body: BodyView | null;
  submission: SubmissionView | null;
}

export interface ThreadView {
  accountId: string;
  /** Another one than asked for where that thread was merged into an older one. */
  id: string;
  subject: string;
  /** Oldest first. */
  emails: EmailView[];
}

export interface DraftAttachmentView {
  id: string;
  filename: string;
  mediaType: string;
  size: number;
  /** The HTML shows an inline picture as `cid:` and this. */
  contentId: string | null;
  disposition: 'inline' | 'attachment';
  /** A whole mail, as message/rfc822. */
  isEmail: boolean;
  /** It came along with the mail that is answered, and goes with the answer only where the text shows it. */
  isQuoted: boolean;
}

/** A file that was just put on a draft. */
export interface AttachedView extends DraftAttachmentView {
  /** The version that the draft has with it: what is saved next is saved over this one. */
  draftVersion: number;
}

export interface DraftView {
  id: string;
  accountId: string;
  version: number;
  identityId: string;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  subject: string;
  /** In plain-text mode the content; with `html` what a list shows of it. */
  text: string;
  /** Rich text, untrusted: sanitised each time that it is shown. Null in plain-text mode. */
  html: string | null;
  /** RFC 8098: a receipt is asked of whoever reads it. */
  requestReceipt: boolean;
  /** RFC 3461: a report is asked of the servers that deliver it. */
  requestDsn: boolean;
  /** RFC 8689: it is to go over encrypted connections only. */
  requireTls: boolean;
  relatedEmailId: string | null;
  /** `edit`: it was made from that mail's own content. */
  relation: 'reply' | 'forward' | 'edit' | null;
  attachments: DraftAttachmentView[];
  updatedAt: number;
}

/** A draft in an account's mailbox of drafts that was written in another program; `drafts.open` opens it. */
export interface ElsewhereDraftView {
  accountId: string;
  emailId: string;
  to: Address[];
  subject: string;
  snippet: string;
  updatedAt: number;
}

/** A person's action on conversations or single mails. */
export type EmailAction =
  | { kind: 'keyword'; keyword: '$seen' | '$flagged'; isSet: boolean }
  | { kind: 'move'; toMailboxId: string }
  | { kind: 'copy'; toMailboxId: string }
  | { kind: 'moveToRole'; role: 'archive' | 'trash' | 'junk' | 'inbox' };

export interface EmailActionResult {
  state: number;
  /** How many mails were changed. */
  changed: number;
  /** Hand it to `emails.undo` to take the action back. */
  undo: EmailUndo | null;
}

export interface EmailUndo {
  accountId: string;
  moves: { copyId: string; toMailboxId: string }[];
  keywords: { copyId: string; keyword: '$seen' | '$flagged'; isSet: boolean }[];
  /** Copies that were made, to be removed again. */
  copies: { copyId: string }[];
  /** Mails that were only taken away from a mailbox, to be put back into it. */
  labels: { emailId: string; mailboxId: string }[];
}

/** A message that came to nothing, as who runs the installation sees it: nothing of what it says or to whom. */
export interface DeadLetterView {
  submissionId: string;
  /** The account's address. */
  account: string;
  status: 'failed' | 'unconfirmed';
  attempts: number;
  /** How many. */
  recipients: number;
  problem: Problem | null;
  createdAt: number;
}

/**
 * A mail of Mailroom's own that did not get away. It is not sent again by hand, since what it said is not kept: whoever
 * wants the link in it asks for a new one.
 */
export interface SystemMessageView {
  id: string;
  kind: 'password_reset' | 'invitation' | 'notice';
  to: string;
  /** `overdue`: nobody tries to send it; no worker runs, or none with `SYSTEM_SMTP_URL`. */
  status: 'failed' | 'unconfirmed' | 'retrying' | 'overdue';
  attempts: number;
  /** Null where no more attempts are made, or one is running. */
  nextAttemptAt: number | null;
  problem: Problem | null;
  createdAt: number;
}

/** An action on very many mails on its way. */
export interface BulkJobView {
  id: string;
  accountId: string;
  action: EmailAction['kind'];
  status: 'waiting' | 'running' | 'done' | 'failed' | 'stopped';
  /** `back`: it is being taken back; `done` falls then. */
  direction: 'forth' | 'back';
  /** How many mails it is about, and of how many it is done. */
  total: number;
  done: number;
  /** How many of them it has changed. */
  changed: number;
  problem: Problem | null;
  /** Whether anything of it can be taken back (any more). */
  canUndo: boolean;
  createdAt: number;
  finishedAt: number | null;
}

/** RFC 8620 §5.2 /changes, of all types at once. */
export interface ChangesView {
  accountId: string;
  oldState: number;
  newState: number;
  /** The client's state is too old: load again. */
  cannotCalculateChanges: boolean;
  mailboxes: MailboxView[];
  /** Mailboxes whose lists have changed. */
  listMailboxIds: string[];
  threadIds: string[];
  emailIds: string[];
  draftIds: string[];
  submissions: SubmissionView[];
  destroyed: {
    kind: 'mailbox' | 'email' | 'mailbox_email' | 'mailbox_thread' | 'thread' | 'draft';
    id: string;
  }[];
}

/** What the event stream says. `account`: there is a newer state; `accounts`: ask for the list of accounts again. */
export type ChangeEvent =
  | { kind: 'account'; accountId: string; state: number }
  | { kind: 'accounts' }
  | { kind: 'alive' };

export interface ServerInput {
  host: string;
  port: number;
  security: Security;
  user: string;
  pinnedFingerprint: string | null;
}

/** What an account is reached by; the password stays where it is. */
export interface AccountServersView {
  imap: ServerInput;
  smtp: ServerInput;
}

/** What came of asking an account's server for new mail. */
export interface RefreshedAccount {
  accountId: string;
  ok: boolean;
  problem: Problem | null;
}

export interface SetupProblemView extends Problem {
  server: 'imap' | 'smtp' | null;
  tried: { imap: ServerInput | null; smtp: ServerInput | null };
  certificate: { subject: string; issuer: string; fingerprint: string; validTo: string } | null;
}

/** The steps of a trial, in their order; servers that were typed are not looked up. */
export type SetupStep = 'looking_up' | 'imap' | 'smtp';

export interface SetupView {
  id: string;
  status: 'waiting' | 'trying' | 'failed' | 'done';
  /** What the trial is at, or failed at; null before it begins. */
  step: SetupStep | null;
  problem: SetupProblemView | null;
  accountId: string | null;
}
