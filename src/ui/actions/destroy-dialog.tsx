'use client';

import { useTranslations } from 'use-intl';
import type { ListRow } from '#api/views.ts';
import { ConfirmDialog } from '#ui/mailboxes/confirm-dialog.tsx';
import { destroyRows } from './context.ts';

/** Deleting for good what lies in Trash: nothing brings it back, so it is asked first. */
export default function DestroyDialog({ rows, onClose }: { rows: readonly ListRow[]; onClose: () => void }) {
  const t = useTranslations('destroy');
  async function run(): Promise<string> {
    await destroyRows(rows);
    return t('done', { count: rows.length });
  }
  return (
    <ConfirmDialog
      title={t('title', { count: rows.length })}
      confirm={t('confirm')}
      run={run}
      onClose={onClose}
    >
      <p>{t('text')}</p>
    </ConfirmDialog>
  );
}
