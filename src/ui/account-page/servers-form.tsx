'use client';

import { type FormEvent, useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountServersView, AccountView } from '#api/views.ts';
import formStyles from '#ui/accounts/accounts.module.css';
import { CertificatePanel } from '#ui/accounts/certificate-panel.tsx';
import { pinned } from '#ui/accounts/pinned.ts';
import { ServerFields } from '#ui/accounts/server-fields.tsx';
import { SetupProblem } from '#ui/accounts/setup-problem.tsx';
import { TrialList } from '#ui/accounts/trial-list.tsx';
import { Button } from '#ui/kit/button.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import styles from './account-page.module.css';
import { useReplacement } from './use-replacement.ts';

function Fields({
  account,
  stored,
  setup,
  onCancel,
}: {
  account: AccountView;
  stored: AccountServersView;
  setup: ReturnType<typeof useReplacement>['setup'];
  onCancel: () => void;
}) {
  const t = useTranslations();
  const [password, setPassword] = useState('');
  const [imap, setImap] = useState(stored.imap);
  const [smtp, setSmtp] = useState(stored.smtp);
  const { problem, isTrying } = setup;
  const start = (servers: AccountServersView) =>
    setup.start({ ...servers, password: password === '' ? null : password });
  function submit(event: FormEvent) {
    event.preventDefault();
    start({ imap, smtp });
  }
  function trust(fingerprint: string) {
    if (!problem) return;
    const next = { imap, smtp };
    const trusted = pinned(problem, fingerprint);
    start({ imap: trusted.imap ?? next.imap, smtp: trusted.smtp ?? next.smtp });
  }
  return (
    <form className={formStyles.form} onSubmit={submit}>
      {problem && !isTrying && <SetupProblem problem={problem} kept={t('accountState.keptAsItWas')} />}
      {problem?.certificate && !isTrying && <CertificatePanel problem={problem} onTrust={trust} />}
      <TextField
        label={t('accountState.newPassword', { address: account.address })}
        hint={t('accountState.passwordHint')}
        type="password"
        autoComplete="off"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <ServerFields legend={t('addAccount.imap')} server={imap} onChange={setImap} />
      <ServerFields legend={t('addAccount.smtp')} server={smtp} onChange={setSmtp} />
      {isTrying && (
        <p role="status" className={formStyles.trying}>
          {t('addAccount.trying', { host: imap.host })}
        </p>
      )}
      {(isTrying || setup.step !== null) && (
        <TrialList trial={{ isLookedUp: false, step: setup.step, problem }} />
      )}
      <div className={styles.row}>
        <Button type="submit" look="main" disabled={isTrying}>
          {t('accountState.trySave')}
        </Button>
        <Button look="plain" onClick={onCancel}>
          {t('accountState.hideConnection')}
        </Button>
      </div>
    </form>
  );
}

/** Password and servers of an account, behind a button: they are tried before they are stored. */
export function ServersForm({ account }: { account: AccountView }) {
  const t = useTranslations('accountState');
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const { servers, setup } = useReplacement(account.id, close);
  if (!isOpen || !servers) {
    return (
      <div className={styles.row}>
        <Button onClick={() => setOpen(true)} disabled={isOpen}>
          {t('showConnection')}
        </Button>
      </div>
    );
  }
  return <Fields account={account} stored={servers} setup={setup} onCancel={close} />;
}
