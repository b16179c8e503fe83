import type { ReactNode } from 'react';
import { BrandMark } from '#ui/kit/brand-mark.tsx';
import styles from './card.module.css';

/** A page of one card, for whoever is not signed in. */
export function Card({
  title,
  lead,
  foot,
  children,
}: {
  title: string;
  lead?: string | undefined;
  foot?: string | undefined;
  children?: ReactNode;
}) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div aria-hidden className={styles.stripe} />
        <div className={styles.inside}>
          <p className={styles.brand}>
            <BrandMark />
            Mailroom
          </p>
          <h1>{title}</h1>
          {lead && <p className={styles.lead}>{lead}</p>}
          {children}
        </div>
      </div>
      {foot && <p className={styles.foot}>{foot}</p>}
    </main>
  );
}

export const formClass = styles.form;
