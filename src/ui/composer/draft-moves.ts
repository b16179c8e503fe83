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

/** Closes a composer at once; the draft itself is dropped when the time to take it back is over. */
export async function discardDraft(
  draft: DraftView,
  content: DraftContent,
  saver: DraftSaver,
  onClose: () => void,
): Promise<void> {
  const isEmpty = content.text.trim() === '' && content.subject === '' && draft.attachments.length === 0;
  if (!isEmpty) await saver.flush();
  saver.stop();
  onClose();
  const ids = { accountId: draft.accountId, draftId: draft.id };
  const drop = async () => {
    try {
      await api.drafts.discard.mutate(ids);
    } catch (error) {
      sayProblem(words.t('composer.discardFailed'), error);
    }
    await queryClient.invalidateQueries({ queryKey: keys.drafts });
  };
  if (isEmpty) {
    await drop();
    return;
  }
  const timer = setTimeout(() => void drop(), undoTime);
  const entry = {
    toastId: null as string | number | null,
    run: async () => {
      clearTimeout(timer);
      await openDraft(draft.accountId, draft.id);
    },
  };
  pushUndo(entry);
  entry.toastId = showToast({
    title: words.t('composer.discarded'),
    duration: undoTime,
    action: { label: words.t('composer.undo'), shownKey: 'z', run: () => void undo(entry) },
  });
}
