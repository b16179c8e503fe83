import type { DraftView } from '#api/views.ts';
import { sayProblem, undo } from '#ui/actions/act.ts';
import { pushUndo } from '#ui/actions/undo-stack.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import type { DraftContent } from './draft-content.ts';
import type { DraftSaver } from './draft-saver.ts';
import { openDraft } from './open.ts';

const undoTime = 10_000;

/** Makes the same draft in another account and drops the first one: an identity belongs to its account. */
export async function moveDraft(
  draft: DraftView,
  content: DraftContent,
  accountId: string,
  saver: DraftSaver,
): Promise<DraftView | null> {
  try {
    await saver.flush();
    const made = await api.drafts.create.mutate({ accountId, relatedEmailId: null, relation: null });
    const saved = await api.drafts.save.mutate({
      accountId,
      draftId: made.id,
      version: made.version,
      ...content,
    });
    await api.drafts.discard.mutate({ accountId: draft.accountId, draftId: draft.id });
    return { ...made, ...content, version: saved.version, updatedAt: saved.updatedAt };
  } catch (error) {
    sayProblem(words.t('done.failed'), error);
    return null;
  }
}

/** Takes a draft away on the server, without a word; used where nobody has written anything. */
export async function forgetDraft({ accountId, id }: DraftView): Promise<void> {
  try {
    await api.drafts.discard.mutate({ accountId, draftId: id });
  } catch (error) {
    sayProblem(words.t('composer.discardFailed'), error);
  }
  await queryClient.invalidateQueries({ queryKey: keys.drafts });
}

/** Takes a draft away on the server, at once: Undo brings it back there, with what was last on the page. */
export async function discardDraft(draft: DraftView, content: DraftContent): Promise<void> {
  const ids = { accountId: draft.accountId, draftId: draft.id };
  showWithout(draft.id);
  const discarded = forgetDraft(draft);
  const entry = {
    toastId: null as string | number | null,
    run: async () => {
      try {
        await discarded;
        const { version } = await api.drafts.restore.mutate(ids);
        await api.drafts.save.mutate({ ...ids, version, ...content });
        await openDraft(draft.accountId, draft.id);
      } catch (error) {
        sayProblem(words.t('done.undoFailed'), error);
      }
    },
  };
  pushUndo(entry);
  entry.toastId = showToast({
    title: words.t('composer.discarded'),
    duration: undoTime,
    action: { label: words.t('composer.undo'), shownKey: 'z', run: () => void undo(entry) },
  });
  await discarded;
}

/** The list of drafts as it will be, before the server has answered. */
function showWithout(draftId: string): void {
  queryClient.setQueryData<DraftView[]>(keys.drafts, (drafts) => drafts?.filter(({ id }) => id !== draftId));
}
