import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { DraftView } from '#api/views.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { keepNow } from '#ui/local/drafts.ts';
import { contentOf, type DraftContent, isSameContent } from './draft-content.ts';
import { createDraftSaver, type DraftSaver } from './draft-saver.ts';
import { openSavers } from './open-savers.ts';

/** Nothing that was written here is on its way, or stands against what the server has. */
function isSettled(saver: DraftSaver): boolean {
  const { kind } = saver.state.get();
  return kind === 'saved' || kind === 'untouched';
}

export interface EditedDraft {
  content: DraftContent;
  /** The newest content, also between two renderings. */
  latest: () => DraftContent;
  change: (part: Partial<DraftContent>) => void;
  saver: DraftSaver;
}

/** A draft as it is written: kept in this browser, saved as it changes, and when the page is left or hidden. */
export function useDraft(
  draft: DraftView,
  beginning: DraftContent,
  isWritten: boolean,
  onFollow: { content: (content: DraftContent) => void; files: (files: DraftView['attachments']) => void },
): EditedDraft {
  const [content, setContent] = useState(beginning);
  const latest = useRef(content);
  const follow = useRef(onFollow);
  follow.current = onFollow;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the draft's later versions are this saver's own
  const saver = useMemo(() => createDraftSaver(draft, { isUpToDate: !isWritten }), [draft.id]);
  const change = useCallback(
    (part: Partial<DraftContent>) => {
      latest.current = { ...latest.current, ...part };
      setContent(latest.current);
      saver.change(latest.current);
    },
    [saver],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is opened
  useEffect(() => {
    if (isWritten) change({});
  }, [saver]);
  useEffect(() => openSavers.add(saver), [saver]);
  useEffect(() => {
    const onHide = () => {
      if (document.visibilityState !== 'hidden') return;
      void keepNow();
      void saver.flush();
    };
    // A page that is left hears of it first by `beforeunload`, while what it writes still gets through; one that is
    // taken away may not hear of that.
    const onGone = () => void keepNow();
    const onOnline = () => {
      if (saver.state.get().kind === 'failed') void saver.flush();
    };
    document.addEventListener('visibilitychange', onHide);
    window.addEventListener('online', onOnline);
    window.addEventListener('beforeunload', onGone);
    window.addEventListener('pagehide', onGone);
    return () => {
      window.removeEventListener('beforeunload', onGone);
      window.removeEventListener('pagehide', onGone);
      document.removeEventListener('visibilitychange', onHide);
      window.removeEventListener('online', onOnline);
      saver.stop();
      void queryClient.invalidateQueries({ queryKey: keys.drafts });
    };
  }, [saver]);
  useEffect(() => {
    const look = () => {
      const theirs = queryClient.getQueryData<DraftView[]>(keys.drafts)?.find(({ id }) => id === saver.id());
      if (theirs === undefined || theirs.version < saver.version()) return;
      follow.current.files(theirs.attachments);
      if (theirs.version === saver.version() || !isSettled(saver)) return;
      const words = contentOf(theirs);
      if (isSameContent(words, latest.current)) {
        // Only its files are others: the text is left as it stands, with the caret in it.
        saver.follow(theirs.version, latest.current);
        return;
      }
      latest.current = words;
      saver.follow(theirs.version, words);
      setContent(words);
      follow.current.content(words);
    };
    // It may have been written on while this window was opening it.
    look();
    return queryClient.getQueryCache().subscribe(({ query }) => {
      if (query.queryKey[0] === keys.drafts[0]) look();
    });
  }, [saver]);
  return { content, latest: () => latest.current, change, saver };
}
