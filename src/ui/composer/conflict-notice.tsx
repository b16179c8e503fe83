'use client';

import { useTranslations } from 'use-intl';
import type { DraftView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { useStore } from '#ui/kit/store.ts';
import styles from './composer.module.css';
import type { DraftSaver, SaveState } from './draft-saver.ts';

const isConflict = (state: SaveState) => state.kind === 'conflict';

/** Another window saved this draft meanwhile: take what it wrote, or write over it. */
export function ConflictNotice({
  draft,
  saver,
  onTheirs,
}: {
  draft: DraftView;
  saver: DraftSaver;
  onTheirs: (draft: DraftView) => void;
}) {
  const t = useTranslations('composer');
  const isShown = useStore(saver.state, isConflict);
  if (!isShown) return null;
  async function resolve(use: (theirs: DraftView) => void) {
    try {
      use(await api.drafts.get.query({ accountId: draft.accountId, draftId: draft.id }));
    } catch (error) {
      sayProblem(t('openFailed'), error);
    }
  }
  return (
    <div className={styles.conflict}>
      <Notice
        actions={
          <>
            <LinkButton onClick={() => void resolve(onTheirs)}>{t('takeTheirs')}</LinkButton>
            <LinkButton onClick={() => void resolve((theirs) => saver.continueFrom(theirs.version))}>
              {t('keepMine')}
            </LinkButton>
          </>
        }
      >
        {t('conflict')}
      </Notice>
    </div>
  );
}
