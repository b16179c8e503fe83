'use client';

import { useTranslations } from 'use-intl';
import type { Security, ServerInput } from '#api/views.ts';
import { SelectField } from '#ui/kit/select-field.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import styles from './accounts.module.css';

const kinds: readonly Security[] = ['tls', 'starttls', 'none'];
const highestPort = 65_535;

/** Where one kind of server is, how the way there is encrypted, and the name to sign in with. */
export function ServerFields({
  legend,
  server,
  onChange,
}: {
  legend: string;
  server: ServerInput;
  onChange: (server: ServerInput) => void;
}) {
  const t = useTranslations('addAccount');
  const change = (part: Partial<ServerInput>) => onChange({ ...server, pinnedFingerprint: null, ...part });
  return (
    <fieldset className={styles.server}>
      <legend>{legend}</legend>
      <TextField
        label={t('host')}
        required
        spellCheck={false}
        value={server.host}
        onChange={(event) => change({ host: event.target.value.trim() })}
      />
      <TextField
        label={t('port')}
        type="number"
        required
        min={1}
        max={highestPort}
        value={server.port || ''}
        onChange={(event) => change({ port: event.target.valueAsNumber || 0 })}
      />
      <TextField
        label={t('user')}
        required
        autoComplete="off"
        spellCheck={false}
        value={server.user}
        onChange={(event) => change({ user: event.target.value })}
      />
      <SelectField
        label={t('security')}
        value={server.security}
        options={kinds.map((value) => ({ value, label: t(value) }))}
        onChange={(security) => change({ security })}
      />
    </fieldset>
  );
}
