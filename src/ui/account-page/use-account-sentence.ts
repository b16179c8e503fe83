import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import { clockTime } from '#ui/kit/time.ts';

export interface AccountSentence {
  text: string;
  /** `bad`: somebody has to do something; `busy`: more is coming. */
  tone: 'good' | 'busy' | 'bad' | 'idle';
}

/** What an account is doing, in one sentence. */
export function useAccountSentence(): (account: AccountView) => AccountSentence {
  const t = useTranslations('accountState');
  return ({ status, problem, retryAt, progress: { stored, total }, mailboxes }) => {
    if (status === 'paused') return { text: t('paused'), tone: 'idle' };
    if (status === 'needs_password') return { text: t('refused'), tone: 'bad' };
    if (status === 'waiting' || (problem !== null && retryAt !== null)) {
      const text = retryAt === null ? t('waitingSoon') : t('waiting', { time: clockTime(retryAt) });
      return { text, tone: 'bad' };
    }
    if (status === 'connecting') return { text: t('connecting'), tone: 'busy' };
    const isNewest = mailboxes.some(({ isSelectable, remoteCount }) => isSelectable && remoteCount === null);
    if (total === null || isNewest) return { text: t('newest'), tone: 'busy' };
    if (stored < total && mailboxes.some(({ isSynced, isSelectable }) => isSelectable && !isSynced))
      return { text: t('older', { stored, total }), tone: 'busy' };
    return { text: t('upToDate'), tone: 'good' };
  };
}
