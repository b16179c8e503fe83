import styles from './skeleton.module.css';

/** A line of text that is on its way. `width` in per cent of its place. */
export function Skeleton({ width }: { width: number }) {
  return <span aria-hidden className={styles.skeleton} style={{ width: `${width}%` }} />;
}
