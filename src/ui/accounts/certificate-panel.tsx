'use client';

import { useTranslations } from 'use-intl';
import type { SetupProblemView } from '#api/views.ts';
import { Button } from '#ui/kit/button.tsx';
import styles from './accounts.module.css';

/** A certificate that nobody known vouches for, to be trusted for this account or not. */
export function CertificatePanel({
  problem,
  onTrust,
}: {
  problem: SetupProblemView;
  onTrust: (fingerprint: string) => void;
}) {
  const t = useTranslations('addAccount');
  const { certificate, server, tried } = problem;
  if (certificate === null) return null;
  const host = (server && tried[server]?.host) ?? '';
  return (
    <section className={styles.certificate}>
      <h3>{t('certificate', { host })}</h3>
      <dl>
        <dt>{t('subject')}</dt>
        <dd>{certificate.subject}</dd>
        <dt>{t('issuer')}</dt>
        <dd>{certificate.issuer}</dd>
        <dt>{t('validTo')}</dt>
        <dd>{certificate.validTo}</dd>
        <dt>{t('fingerprint')}</dt>
        <dd className={styles.fingerprint}>{certificate.fingerprint}</dd>
      </dl>
      <p className={styles.hint}>{t('trustWarning')}</p>
      <Button onClick={() => onTrust(certificate.fingerprint)}>{t('trust')}</Button>
    </section>
  );
}
