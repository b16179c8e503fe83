import type { CSSProperties, ReactNode } from 'react';
import styles from './chip.module.css';

/** A short word on a colour: an account, a mailbox, a label. */
export function Chip({ color, children }: { color?: string | undefined; children: ReactNode }) {
  const style: CSSProperties & Record<'--tint', string> = { '--tint': color ?? 'var(--ink-3)' };
  return (
    <span className={styles.chip} style={style}>
      {children}
    </span>
  );
}
