import type { DraftView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { accountsQuery, draftsQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { createStore } from '#ui/kit/store.ts';
import { words } from '#ui/messages/words.ts';
import { currentPlace } from '#ui/navigation/navigate.ts';

export type Shape = 'docked' | 'minimised' | 'full';

/** A composer on the screen; `draft` is null until the server has made or handed over the draft. */
export interface OpenComposer {
  key: string;
  shape: Shape;
  draft: DraftView | null;
  /** Whether the draft was made for this composer: untouched, it goes with it. */
  isNew: boolean;
  /** Where the caret starts: at the recipients of a new mail, in the text of an answer. */
  focus: 'to' | 'text';
}

export const composersStore = createStore<readonly OpenComposer[]>([]);

let count = 0;

function add(composer: Omit<OpenComposer, 'key'>): string {
  count += 1;
  const key = `composer-${count}`;
  composersStore.set((open) => [...open, { ...composer, key }]);
  return key;
}

export function changeComposer(key: string, change: Partial<OpenComposer>): void {
  composersStore.set((open) => open.map((each) => (each.key === key ? { ...each, ...change } : each)));
}

export function closeComposer(key: string): void {
  composersStore.set((open) => open.filter((each) => each.key !== key));
}

async function openWith(
  composer: Omit<OpenComposer, 'key' | 'draft'>,
  load: () => Promise<DraftView>,
): Promise<void> {
  const key = add({ ...composer, draft: null });
  try {
    const draft = await load();
    changeComposer(key, { draft });
    await queryClient.invalidateQueries({ queryKey: draftsQuery.queryKey });
  } catch (error) {
    closeComposer(key);
    sayProblem(words.t('composer.openFailed'), error);
  }
}

/** A new message, from the account that is shown, else from the first. */
export async function compose(isFull: boolean): Promise<void> {
  const accounts = await queryClient.ensureQueryData(accountsQuery);
  const { account } = currentPlace();
  const from = accounts.find(({ id }) => id === account) ?? accounts[0];
  if (!from) return;
  await openWith({ shape: isFull ? 'full' : 'docked', focus: 'to', isNew: true }, () =>
    api.drafts.create.mutate({ accountId: from.id, relatedEmailId: null, relation: null }),
  );
}

/** A reply or a forward; the server fills in recipients, subject and the quoted text. */
export function answer(
  accountId: string,
  relatedEmailId: string,
  relation: 'reply' | 'replyAll' | 'forward',
): Promise<void> {
  return openWith({ shape: 'docked', focus: relation === 'forward' ? 'to' : 'text', isNew: true }, () =>
    api.drafts.create.mutate({ accountId, relatedEmailId, relation }),
  );
}

/** A draft that was kept; brings its composer to the front where it is open already. */
export async function openDraft(accountId: string, draftId: string): Promise<void> {
  const open = composersStore.get().find(({ draft }) => draft?.id === draftId);
  if (open) changeComposer(open.key, { shape: 'docked' });
  else {
    await openWith({ shape: 'docked', focus: 'text', isNew: false }, () =>
      api.drafts.get.query({ accountId, draftId }),
    );
  }
}

/** A new message to whom a mailto: link names (RFC 6068); its other fields are a stranger's words and are left out. */
export async function composeTo(href: string): Promise<void> {
  const accounts = await queryClient.ensureQueryData(accountsQuery);
  const from = accounts.find(({ id }) => id === currentPlace().account) ?? accounts[0];
  if (!from) return;
  const path = URL.parse(href)?.pathname ?? '';
  const to = path.split(',').flatMap((each) => {
    const address = decodeAddress(each);
    return address.includes('@') ? [{ name: '', address }] : [];
  });
  await openWith({ shape: 'docked', focus: 'text', isNew: true }, async () => ({
    ...(await api.drafts.create.mutate({ accountId: from.id, relatedEmailId: null, relation: null })),
    to,
  }));
}

function decodeAddress(text: string): string {
  try {
    return decodeURIComponent(text)
      .replaceAll(/[\r\n\0]/g, '')
      .trim();
  } catch {
    return text.trim();
  }
}
