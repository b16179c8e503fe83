import { useCallback, useEffect, useMemo, useState } from 'react';
import type { DraftView } from '#api/views.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { contentOf, type DraftContent } from './draft-content.ts';
import { createDraftSaver, type DraftSaver } from './draft-saver.ts';

export interface EditedDraft {
  content: DraftContent;
  change: (part: Partial<DraftContent>) => void;
  saver: DraftSaver;
}

/** A draft as it is written, saved as it changes, and when the page is left or hidden. */
export function useDraft(draft: DraftView): EditedDraft {
  const [content, setContent] = useState(() => contentOf(draft));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the draft's later versions are this saver's own
  const saver = useMemo(() => createDraftSaver(draft), [draft.id]);
  const change = useCallback(
    (part: Partial<DraftContent>) => setContent((before) => ({ ...before, ...part })),
    [],
  );
  useEffect(() => {
    saver.change(content);
  }, [saver, content]);
  useEffect(() => {
    const onHide = () => {
      if (document.visibilityState === 'hidden') void saver.flush();
    };
    const onLeave = (event: BeforeUnloadEvent) => {
      const { kind } = saver.state.get();
      if (kind === 'saved') return;
      void saver.flush();
      event.preventDefault();
    };
    document.addEventListener('visibilitychange', onHide);
    window.addEventListener('beforeunload', onLeave);
    return () => {
      document.removeEventListener('visibilitychange', onHide);
      window.removeEventListener('beforeunload', onLeave);
      saver.stop();
      void queryClient.invalidateQueries({ queryKey: keys.drafts });
    };
  }, [saver]);
  return { content, change, saver };
}
