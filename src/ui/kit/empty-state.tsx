import type { ReactNode } from 'react';
import styles from './empty-state.module.css';
import { Icon, type IconShape } from './icon.tsx';

/** A pane that has nothing to show, and why; also for an error that fills a pane (`isProblem`). */
export function EmptyState({
  icon,
  title,
  isProblem = false,
  actions,
  children,
}: {
  icon?: IconShape;
  title: string;
  isProblem?: boolean;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={styles.empty} role={isProblem ? 'alert' : undefined}>
      {icon && <Icon of={icon} size="lg" />}
      <p className={styles.title}>{title}</p>
      {children && <p>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
