import type { CSSProperties } from 'react';
import styles from './avatar.module.css';
import { classNames } from './class-names.ts';
import { hueOf, initials } from './initials.ts';

/** A person's initials on a colour of their own; the name stands beside it, so it is hidden from readers. */
export function Avatar({ name, address, size }: { name: string; address: string; size?: 'small' | 'tiny' }) {
  const style: CSSProperties & Record<'--hue', number> = { '--hue': hueOf(address) };
  return (
    <span aria-hidden className={classNames(styles.avatar, size && styles[size])} style={style}>
      {initials(name, address)}
    </span>
  );
}
