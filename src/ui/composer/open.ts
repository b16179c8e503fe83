import { v7 as newId } from 'uuid';
import type { AccountView, DraftView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { accountsQuery, draftsQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { createStore } from '#ui/kit/store.ts';
import { words } from '#ui/messages/words.ts';
import { currentPlace } from '#ui/navigation/navigate.ts';
import { beginningOf } from './beginning.ts';
import { contentOf, type DraftContent } from './draft-content.ts';
import { addressesOfLink } from './mailto.ts';

export type Shape = 'docked' | 'minimised' | 'full' | 'inline';

/** A composer on the screen; `draft` is null until the server has made or handed over the draft. */
export interface OpenComposer {
  key: string;
  shape: Shape;
  draft: DraftView | null;
  /** What it shows at first: the draft's content, or more than the server has of it. */
  beginning: DraftContent | null;
  /** Whether what it begins with is to be saved as if it had just been typed. */
  isWritten: boolean;
  /** Whether the draft was made for this composer: untouched, it goes with it. */
  isNew: boolean;
  /** Where the caret starts: at the recipients of a new mail, in the text of an answer. */
  focus: 'to' | 'text';
  /** The mail that it answers, under which it can stand. */
  answeredId: string | null;
}

export type Answer = 'reply' | 'replyAll' | 'forward' | 'forwardAsAttachment' | 'edit';

export const composersStore = createStore<readonly OpenComposer[]>([]);

interface Opened {
  draft: DraftView;
  beginning: DraftContent;
  isWritten: boolean;
}

type NewComposer = Pick<OpenComposer, 'shape' | 'focus' | 'isNew' | 'answeredId'>;

function add(composer: Omit<OpenComposer, 'key'>): string {
  const key = newId();
  composersStore.set((open) => [...open, { ...composer, key }]);
  return key;
}

export function changeComposer(key: string, change: Partial<OpenComposer>): void {
  composersStore.set((open) => open.map((each) => (each.key === key ? { ...each, ...change } : each)));
}

export function closeComposer(key: string): void {
  composersStore.set((open) => open.filter((each) => each.key !== key));
}

/** Whether a composer that was asked for cannot take what is typed yet. */
export function isComposerOpening(): boolean {
  return composersStore
    .get()
    .some(({ key, draft }) => draft === null || document.querySelector(`[data-composer="${key}"]`) === null);
}

/** Opens a composer on a draft that is here. */
export function openComposer(composer: NewComposer, opened: Opened): void {
  add({ ...composer, ...opened });
}

async function openWith(composer: NewComposer, load: () => Promise<Opened>): Promise<void> {
  const key = add({ ...composer, draft: null, beginning: null, isWritten: false });
  try {
    changeComposer(key, await load());
    await queryClient.invalidateQueries({ queryKey: draftsQuery.queryKey });
  } catch (error) {
    closeComposer(key);
    sayProblem(words.t('composer.openFailed'), error);
  }
}

/** The account that is shown, else the first. */
function accountToWriteFrom(accounts: readonly AccountView[]): AccountView | undefined {
  const { account } = currentPlace();
  return accounts.find(({ id }) => id === account) ?? accounts[0];
}

/** A draft that the server does not have yet: it is made there as soon as there is an answer. */
function unmadeDraft({ id: accountId, identities }: AccountView): DraftView {
  return {
    ...{ id: newId(), accountId, version: 0, identityId: identities[0]?.id ?? '', to: [], cc: [], bcc: [] },
    ...{ subject: '', text: '', html: null, requestReceipt: false, requestDsn: false, requireTls: false },
    ...{ relatedEmailId: null, relation: null, attachments: [], updatedAt: Date.now() },
  };
}

async function newDraft(from: AccountView): Promise<DraftView> {
  try {
    return await api.drafts.create.mutate({ accountId: from.id, relatedEmailId: null, relation: null });
  } catch (error) {
    const { code } = problemOf(error);
    if (code === 'offline' || code === 'no_answer') return unmadeDraft(from);
    throw error;
  }
}

/** A new message, from the account that is shown, else from the first. */
export async function compose(isFull: boolean): Promise<void> {
  const accounts = await queryClient.ensureQueryData(accountsQuery);
  const from = accountToWriteFrom(accounts);
  if (!from) return;
  const shape = isFull ? 'full' : 'docked';
  await openWith({ shape, focus: 'to', isNew: true, answeredId: null }, async () => {
    const draft = await newDraft(from);
    return { draft, beginning: await beginningOf(draft, accounts), isWritten: false };
  });
}

/** A reply or a forward: recipients and subject come from the server, the quote from the mail on the page. */
export async function answer(accountId: string, relatedEmailId: string, relation: Answer): Promise<void> {
  const accounts = await queryClient.ensureQueryData(accountsQuery);
  // On a phone there is no room beside the mail: the composer takes the screen.
  const hasRoom = !window.matchMedia('(max-width: 640px)').matches;
  const isInThread = hasRoom && currentPlace().thread !== null && relation !== 'edit';
  const focus = relation === 'reply' || relation === 'replyAll' ? 'text' : 'to';
  const shape = isInThread ? 'inline' : 'docked';
  await openWith({ shape, focus, isNew: true, answeredId: relatedEmailId }, async () => {
    const draft = await api.drafts.create.mutate({ accountId, relatedEmailId, relation });
    return { draft, beginning: await beginningOf(draft, accounts), isWritten: false };
  });
}

/** A draft that was kept; brings its composer to the front where it is open already. */
export async function openDraft(accountId: string, draftId: string): Promise<void> {
  const open = composersStore.get().find(({ draft }) => draft?.id === draftId);
  if (open) {
    if (open.shape === 'minimised') changeComposer(open.key, { shape: 'docked' });
    document.querySelector<HTMLElement>(`[data-composer="${open.key}"] [role=textbox]`)?.focus();
    return;
  }
  await openWith({ shape: 'docked', focus: 'text', isNew: false, answeredId: null }, async () => {
    const draft = await api.drafts.get.query({ accountId, draftId });
    return { draft, beginning: contentOf(draft), isWritten: false };
  });
}

/** A new message to whom a mailto: link names. */
export async function composeTo(href: string): Promise<void> {
  const accounts = await queryClient.ensureQueryData(accountsQuery);
  const from = accountToWriteFrom(accounts);
  if (!from) return;
  await openWith({ shape: 'docked', focus: 'text', isNew: true, answeredId: null }, async () => {
    const draft = await newDraft(from);
    const beginning = { ...(await beginningOf(draft, accounts)), to: addressesOfLink(href) };
    return { draft, beginning, isWritten: true };
  });
}
