'use client';

import Check from 'lucide-react/icons/check';
import Circle from 'lucide-react/icons/circle';
import CircleDot from 'lucide-react/icons/circle-dot';
import X from 'lucide-react/icons/x';
import { useTranslations } from 'use-intl';
import { Icon } from '#ui/kit/icon.tsx';
import styles from './trial-list.module.css';
import { type TrialState, trialSteps } from './trial-steps.ts';

const icons = { done: Check, running: CircleDot, failed: X, open: Circle };

/** How far the trial of an account is: each step with a tick, the one that failed marked. */
export function TrialList({ trial }: { trial: TrialState }) {
  const t = useTranslations('addAccount');
  return (
    <ol className={styles.steps} aria-label={t('trial')} aria-live="polite">
      {trialSteps(trial).map(({ step, state }) => (
        <li key={step} className={styles[state]}>
          <Icon of={icons[state]} />
          <span>{t(`trialSteps.${step}`)}</span>
          <span className={styles.state}>{t(`trialStates.${state}`)}</span>
        </li>
      ))}
    </ol>
  );
}
