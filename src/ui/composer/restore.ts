import { v7 as newId } from 'uuid';
import type { DraftView } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { isGone } from '#ui/api/problem.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { openLocalOf } from '#ui/local/database.ts';
import { forgetLocalDraft, type LocalDraft, orphanedDrafts, takeOver } from '#ui/local/drafts.ts';
import { announceTab, tabId } from '#ui/local/tab.ts';
import { contentOf, type DraftContent, isEmptyContent, isSameContent } from './draft-content.ts';
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

/**
 * Its words as a draft of its own, with the files and the place in the thread that the server knows of the old one. null:
 * it knows nothing of that one any more, or does not answer.
 */
async function copied({ accountId, draftId, content }: LocalDraft): Promise<DraftView | null> {
  return api.drafts.copy.mutate({ ...content, accountId, draftId }).catch(() => null);
}

/** What was sent or discarded elsewhere, and was written on here. */
async function openAnew(local: LocalDraft): Promise<void> {
  const copy = local.version === 0 ? null : await copied(local);
  if (copy === null) {
    // As it was: once it is to be saved, the person is asked what is to become of it.
    openComposer(composer, { draft: localView(local), beginning: local.content, isWritten: true });
    return;
  }
  openComposer(composer, { draft: copy, beginning: contentOf(copy), isWritten: false });
  await forgetLocalDraft(local);
}

/** What another tab held of a draft that is open here: words that are nowhere else are opened as a draft of their own. */
async function reopenBeside(row: LocalDraft, open: DraftContent | null): Promise<void> {
  const { content, isSaved } = row;
  if (isSaved || isEmptyContent(content) || (open !== null && isSameContent(content, open))) {
    await forgetLocalDraft(row);
    return;
  }
  if (row.version === 0) {
    await openAnew(await takeOver(row, { ...row, draftId: newId() }));
    return;
  }
  const copy = await copied(row);
  // Without an answer the row stays as it is, for the next time.
  if (copy === null) return;
  openComposer(composer, { draft: copy, beginning: contentOf(copy), isWritten: false });
  await forgetLocalDraft(row);
}

async function restore(row: LocalDraft): Promise<void> {
  const open = composersStore.get().find(({ draft }) => draft?.id === row.draftId);
  if (open === undefined) await reopen(row);
  else if (row.tab !== tabId()) await reopenBeside(row, open.beginning);
}

async function reopen(row: LocalDraft): Promise<void> {
  const local = await takeOver(row);
  const { content, sent, isSaved, version } = local;
  const theirs = await askServer(local);
  if (theirs === null && (isSaved || isEmptyContent(content))) {
    // It was sent or discarded elsewhere, and nothing of it was only here.
    await forgetLocalDraft(local);
    return;
  }
  if (theirs === null) {
    await openAnew(local);
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
  for (const local of await orphanedDrafts()) await restore(local);
}
