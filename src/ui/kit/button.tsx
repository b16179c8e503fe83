import type { ComponentProps } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';

type Look = 'main' | 'danger' | 'plain';

/** A button with words. `look`: one `main` at most in a group; `danger` for what destroys. */
export function Button({
  look,
  isWide,
  className,
  ...props
}: ComponentProps<'button'> & { look?: Look; isWide?: boolean }) {
  return (
    <button
      type="button"
      {...props}
      className={classNames(styles.button, look && styles[look], isWide && styles.wide, className)}
    />
  );
}

/** A button that reads as a link within a sentence. */
export function LinkButton({ className, ...props }: ComponentProps<'button'>) {
  return <button type="button" {...props} className={classNames(styles.link, className)} />;
}
