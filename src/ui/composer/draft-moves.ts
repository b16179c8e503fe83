import { v7 as newId } from 'uuid';
import type { DraftView } from '#api/views.ts';
import { sayProblem, undo } from '#ui/actions/act.ts';
import { pushUndo } from '#ui/actions/undo-stack.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { problemOf, type ShownProblem } from '#ui/api/problem.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import type { Attachments } from './attachments.ts';
import type { DraftContent } from './draft-content.ts';
import type { DraftSaver } from './draft-saver.ts';
import { openDraft } from './open.ts';

const undoTime = 10_000;
const problemTime = 12_000;

/** A draft as it is written at this moment. */
interface Written {
  draft: DraftView;
  /** As it is to go on: of a move, from the other account's identity. */
  content: DraftContent;
  saver: DraftSaver;
  attachments: Attachments;
}

function sayNotMoved(problem: ShownProblem): null {
  showToast({ title: words.t('composer.notMoved'), detail: words.problem(problem), duration: problemTime });
  return null;
}

/**
 * Moves a draft to another account, since an identity belongs to its account: with its pictures and files, and its place
 * in the thread. One that the server does not know yet is begun anew there. null: it stays where it is, and that is said.
 */
export async function moveDraft(written: Written, toAccountId: string): Promise<DraftView | null> {
  const { draft, content, saver, attachments } = written;
  if (!(await attachments.settled())) return sayNotMoved({ code: 'upload_incomplete', detail: null });
  attachments.followText(content.html);
  await attachments.dropTakenOut();
  const isSaved = await saver.flush();
  const { accountId } = draft;
  const { identityId } = content;
  try {
    if (!isSaved && saver.version() > 0) {
      const state = saver.state.get();
      return sayNotMoved(
        state.kind === 'failed' ? state.problem : { code: 'version_conflict', detail: null },
      );
    }
    const moved = isSaved
      ? await api.drafts.move.mutate({
          ...{ accountId, draftId: saver.id(), version: saver.version(), toAccountId, identityId },
        })
      : { ...draft, ...content, accountId: toAccountId, id: newId(), version: 0 };
    saver.stop();
    saver.forget();
    return moved;
  } catch (error) {
    return sayNotMoved(problemOf(error));
  }
}

/**
 * Goes on with what is on the page as a draft of its own, since the one that it was is sent or discarded: with the files
 * and the place in the thread of that one. null: nothing is known of it any more, and it is said that only the words are
 * kept; or there was no answer.
 */
export async function copyDraft({ draft, content, saver, attachments }: Written): Promise<DraftView | null> {
  try {
    const ids = { accountId: draft.accountId, draftId: saver.id() };
    const copy = await api.drafts.copy.mutate({ ...content, ...ids });
    saver.stop();
    saver.forget();
    return copy;
  } catch (error) {
    if (problemOf(error).code !== 'draft_gone') {
      sayProblem(words.t('composer.notCopied'), error);
      return null;
    }
    attachments.followFiles([]);
    showToast({ title: words.t('composer.onlyWordsKept'), duration: problemTime });
    saver.continueFrom(0);
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
