'use client';

import { useTranslations } from 'use-intl';
import { Dialog } from '#ui/kit/dialog.tsx';
import { Kbd } from '#ui/kit/kbd.tsx';
import styles from './help-sheet.module.css';
import { type ActionGroup, actions } from './registry.ts';

const groups: readonly ActionGroup[] = ['moving', 'selecting', 'acting', 'writing', 'going', 'other'];

function shownIn(group: ActionGroup) {
  const labels = new Set<string>();
  return actions.filter((action) => {
    // Accounts 1 to 9 are one line.
    if (action.group !== group || action.shownKey === null || labels.has(action.label)) return false;
    labels.add(action.label);
    return true;
  });
}

/** All keys, as the table of actions has them. */
export default function HelpSheet({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  return (
    <Dialog title={t('help.title')} isWide onClose={onClose}>
      <div className={styles.sheet}>
        {groups.map((group) => (
          <section key={group} className={styles.group}>
            <h3>{t(`help.groups.${group}`)}</h3>
            <dl>
              {shownIn(group).map((action) => (
                <div key={action.id} className={styles.line}>
                  <dt>{t(`actions.${action.label}`)}</dt>
                  <dd>
                    {(action.label === 'goAccount' ? 'Alt 1…9' : (action.shownKey ?? ''))
                      .split(' ')
                      .map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
