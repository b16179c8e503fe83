import styles from './brand-mark.module.css';

/** Mailroom's mark, an air-mail envelope; beside its name, so hidden from readers. */
export function BrandMark() {
  return <span aria-hidden className={styles.mark} />;
}
