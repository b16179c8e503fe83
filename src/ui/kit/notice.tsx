import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Icon, type IconShape } from './icon.tsx';
import styles from './notice.module.css';

/** Something to know, in its place on the page. `bad` is said at once by screen readers. */
export function Notice({
  icon,
  look,
  actions,
  children,
}: {
  icon?: IconShape;
  look?: 'bad' | 'calm';
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div
      role={look === 'bad' ? 'alert' : 'status'}
      className={classNames(styles.notice, look && styles[look])}
    >
      {icon && <Icon of={icon} />}
      <div className={styles.words}>{children}</div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
