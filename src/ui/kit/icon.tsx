import type { LucideIcon } from 'lucide-react';
import { classNames } from './class-names.ts';
import styles from './icon.module.css';

export type IconShape = LucideIcon;

/** An icon beside words that say the same; it is hidden from screen readers. */
export function Icon({
  of: Shape,
  size,
  className,
}: {
  of: IconShape;
  size?: 'sm' | 'lg';
  className?: string | undefined;
}) {
  return (
    <Shape
      aria-hidden
      strokeWidth={1.75}
      className={classNames(styles.icon, size && styles[size], className)}
    />
  );
}
