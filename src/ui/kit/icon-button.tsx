import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { Icon, type IconShape } from './icon.tsx';
import styles from './icon-button.module.css';

/** A button of one icon; its label and key are what the tooltip and screen readers say. */
export function IconButton({
  icon,
  label,
  shownKey,
  className,
  ...props
}: ComponentProps<'button'> & { icon: IconShape; label: string; shownKey?: string | undefined }) {
  return (
    <button
      type="button"
      {...props}
      aria-label={label}
      data-tooltip={label}
      data-tooltip-key={shownKey}
      className={classNames(styles.button, className)}
    >
      <Icon of={icon} />
    </button>
  );
}
