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

type Obstacle = 'conflict' | 'gone' | 'signedOut' | null;

const goneCodes = new Set(['draft_gone', 'not_found', 'NOT_FOUND']);
const signedOutCodes = new Set(['UNAUTHORIZED', 'signed_out']);

function obstacleOf(state: SaveState): Obstacle {
  if (state.kind === 'conflict') return 'conflict';
  if (state.kind !== 'failed') return null;
  if (goneCodes.has(state.problem.code)) return 'gone';
  return signedOutCodes.has(state.problem.code) ? 'signedOut' : null;
}

/**
 * What keeps a draft from being saved until somebody decides: another window saved it meanwhile (take what it wrote, or
 * write over it), it was sent or discarded there, or the session has ended.
 */
export function ConflictNotice({
  draft,
  saver,
  onTheirs,
  onAnew,
}: {
  draft: DraftView;
  saver: DraftSaver;
  onTheirs: (draft: DraftView) => void;
  /** What is on the page is to go on as a draft of its own. */
  onAnew: () => void;
}) {
  const t = useTranslations('composer');
  const obstacle = useStore(saver.state, obstacleOf);
  if (obstacle === null) return null;
  async function resolve(use: (theirs: DraftView) => void) {
    try {
      use(await api.drafts.get.query({ accountId: draft.accountId, draftId: saver.id() }));
    } catch (error) {
      sayProblem(t('openFailed'), error);
    }
  }
  const choices = {
    conflict: (
      <>
        <LinkButton onClick={() => void resolve(onTheirs)}>{t('takeTheirs')}</LinkButton>
        <LinkButton onClick={() => void resolve((theirs) => saver.continueFrom(theirs.version))}>
          {t('keepMine')}
        </LinkButton>
      </>
    ),
    gone: <LinkButton onClick={onAnew}>{t('keepAsNew')}</LinkButton>,
    signedOut: <LinkButton onClick={() => window.location.assign('/sign-in')}>{t('signInAgain')}</LinkButton>,
  };
  return (
    <div className={styles.conflict}>
      <Notice actions={choices[obstacle]}>{t(obstacle)}</Notice>
    </div>
  );
}
