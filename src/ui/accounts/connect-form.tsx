'use client';

import CircleAlert from 'lucide-react/icons/circle-alert';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ServerInput } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { Button } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { goTo } from '#ui/navigation/navigate.ts';
import { inboxOfAll } from '#ui/navigation/place.ts';
import styles from './accounts.module.css';
import { CertificatePanel } from './certificate-panel.tsx';
import { pinned } from './pinned.ts';
import { ServerFields } from './server-fields.tsx';
import { SetupProblem } from './setup-problem.tsx';
import { TrialList } from './trial-list.tsx';
import { useSetup } from './use-setup.ts';

/** What the table of providers knows of an address. */
export type FoundSettings = Awaited<ReturnType<typeof api.accounts.lookUp.query>>;

interface ConnectFormProps {
  address: string;
  userName: string;
  found: FoundSettings;
  onBack: () => void;
  onDone: () => void;
}

function guess(address: string, kind: 'imap' | 'smtp'): ServerInput {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const port = kind === 'imap' ? 993 : 465;
  return { host: `${kind}.${domain}`, port, security: 'tls', user: address, pinnedFingerprint: null };
}

function ProviderNotice({ found }: { found: FoundSettings }) {
  const t = useTranslations('addAccount');
  if (found.notice === null)
    return found.provider ? (
      <p className={styles.hint}>{t('provider', { provider: found.provider })}</p>
    ) : null;
  return (
    <Notice icon={CircleAlert}>
      <strong>{t(`notices.${found.notice}`)}</strong>
      <span>{t(`steps.${found.notice}`)}</span>
    </Notice>
  );
}

/** Password and, if wanted, the servers; then how far trying them is, and what is wrong. */
export function ConnectForm({ address, userName, found, onBack, onDone }: ConnectFormProps) {
  const t = useTranslations('addAccount');
  const [name, setName] = useState(userName);
  const [password, setPassword] = useState('');
  const [isAdvanced, setAdvanced] = useState(false);
  const [imap, setImap] = useState(found.imap ?? guess(address, 'imap'));
  const [smtp, setSmtp] = useState(found.smtp ?? guess(address, 'smtp'));
  const [isLookedUp, setLookedUp] = useState(true);
  const setup = useSetup(api.accounts.startSetup.mutate, () => {
    goTo(inboxOfAll);
    onDone();
  });
  const { problem } = setup;

  function connect(servers: { imap: ServerInput | null; smtp: ServerInput | null }) {
    setLookedUp(servers.imap === null || servers.smtp === null);
    setup.start({ address, password, name: name.trim(), ...servers });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    connect(isAdvanced ? { imap, smtp } : { imap: null, smtp: null });
  }
  function trust(fingerprint: string) {
    if (problem) connect(pinned(problem, fingerprint));
  }
  if (found.notice === 'microsoft_sign_in') {
    return (
      <div className={styles.form}>
        <ProviderNotice found={found} />
        <Button onClick={onBack}>{t('back')}</Button>
      </div>
    );
  }
  const host = isAdvanced ? imap.host : found.imap?.host;
  return (
    <form className={styles.form} onSubmit={submit}>
      <ProviderNotice found={found} />
      {problem && !setup.isTrying && <SetupProblem problem={problem} kept={t('nothingStored')} />}
      {problem?.certificate && !setup.isTrying && <CertificatePanel problem={problem} onTrust={trust} />}
      <TextField
        label={t('passwordFor', { address })}
        type="password"
        autoComplete="off"
        required
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <TextField
        label={t('name')}
        autoComplete="name"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {isAdvanced && (
        <div className={styles.servers}>
          <ServerFields legend={t('imap')} server={imap} onChange={setImap} />
          <ServerFields legend={t('smtp')} server={smtp} onChange={setSmtp} />
        </div>
      )}
      {setup.isTrying && (
        <p role="status" className={styles.trying}>
          {host
            ? t('trying', { host })
            : t('finding', { domain: address.slice(address.lastIndexOf('@') + 1) })}
        </p>
      )}
      {(setup.isTrying || setup.step !== null) && (
        <TrialList trial={{ isLookedUp, step: setup.step, problem }} />
      )}
      <div className={styles.row}>
        <Button type="submit" look="main" disabled={setup.isTrying}>
          {t('connect')}
        </Button>
        <Button look="plain" aria-expanded={isAdvanced} onClick={() => setAdvanced(!isAdvanced)}>
          {t(isAdvanced ? 'hideServers' : 'showServers')}
        </Button>
        <Button look="plain" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </form>
  );
}
