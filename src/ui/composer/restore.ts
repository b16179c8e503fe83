import type { DraftView } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { isGone } from '#ui/api/problem.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { openLocalOf } from '#ui/local/database.ts';
import { forgetLocalDraft, type LocalDraft, orphanedDrafts } from '#ui/local/drafts.ts';
import { announceTab } from '#ui/local/tab.ts';
import { contentOf, isEmptyContent, isSameContent } from './draft-content.ts';
import { composersStore, openComposer } from './open.ts';

const composer = { shape: 'docked', focus: 'text', isNew: false, answeredId: null } as const;

/** The draft as the server has it; null where it has none, undefined where it does not answer. */
async function askServer({ accountId, draftId, version }: LocalDraft): Promise<DraftView | null | undefined> {
  if (version === 0) return null;
  try {
    return await api.drafts.get.query({ accountId, draftId });
  } catch (error) {
    return isGone(error) ? null : undefined;
  }
}

/** A draft as this browser alone knows it. */
function localView({ draftId, accountId, version, content, files = [], changedAt }: LocalDraft): DraftView {
  const related = { relatedEmailId: null, relation: null, attachments: [...files] };
  return { ...content, ...related, id: draftId, accountId, version, updatedAt: changedAt };
}

async function reopen(local: LocalDraft): Promise<void> {
  const { draftId, content, sent, isSaved, version } = local;
  if (composersStore.get().some(({ draft }) => draft?.id === draftId)) return;
  const theirs = await askServer(local);
  if (theirs === null && (isSaved || isEmptyContent(content))) {
    // It was sent or discarded elsewhere, and nothing of it was only here.
    await forgetLocalDraft(draftId);
    return;
  }
  if (theirs === null) {
    openComposer(composer, {
      // Its files went with it.
      draft: { ...localView(local), version: 0, attachments: [] },
      beginning: content,
      isWritten: true,
    });
    return;
  }
  const known = theirs ?? localView(local);
  const isNewer = theirs !== undefined && (isSaved || isSameContent(content, contentOf(theirs)));
  const isOwn = theirs !== undefined && sent !== null && isSameContent(sent, contentOf(theirs));
  openComposer(composer, {
    // The version that it was written over: where another window has saved meanwhile, the person chooses.
    draft: isNewer || isOwn ? known : { ...known, version },
    beginning: isNewer ? contentOf(known) : content,
    isWritten: !isNewer,
  });
}

/**
 * Opens again what was being written when the page was reloaded, closed, crashed, or led away because a session had
 * ended: to the same person alone.
 */
export async function restoreComposers(userId: string): Promise<void> {
  openLocalOf(userId);
  await announceTab();
  await queryClient.ensureQueryData(accountsQuery);
  for (const local of await orphanedDrafts()) await reopen(local);
}
