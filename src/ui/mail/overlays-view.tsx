'use client';

import { lazy, Suspense } from 'react';
import { useStore } from '#ui/kit/store.ts';
import { type Overlay, overlayStore, showOverlay } from './overlays.ts';

// Loaded when first asked for: the list comes first.
const HelpSheet = lazy(() => import('#ui/actions/help-sheet.tsx'));
const MoveDialog = lazy(() => import('#ui/actions/move-dialog.tsx'));
const DestroyDialog = lazy(() => import('#ui/actions/destroy-dialog.tsx'));
const AccountDialog = lazy(() => import('#ui/account-page/account-dialog.tsx'));
const NewMailboxDialog = lazy(() => import('#ui/mailboxes/new-mailbox-dialog.tsx'));
const EditMailboxDialog = lazy(() => import('#ui/mailboxes/edit-mailbox-dialog.tsx'));
const DeleteMailboxDialog = lazy(() => import('#ui/mailboxes/delete-mailbox-dialog.tsx'));
const EmptyMailboxDialog = lazy(() => import('#ui/mailboxes/empty-mailbox-dialog.tsx'));
const AddAccountDialog = lazy(() => import('#ui/accounts/add-account-dialog.tsx'));
const SettingsDialog = lazy(() => import('#ui/settings/settings-dialog.tsx'));
const SidebarDrawer = lazy(() => import('#ui/sidebar/sidebar-drawer.tsx'));

const whole = (overlay: Overlay | null) => overlay;
const close = () => showOverlay(null);

export function Overlays() {
  const overlay = useStore(overlayStore, whole);
  if (overlay === null) return null;
  return (
    <Suspense>
      {overlay.kind === 'help' && <HelpSheet onClose={close} />}
      {(overlay.kind === 'move' || overlay.kind === 'copy') && (
        <MoveDialog kind={overlay.kind} rows={overlay.rows} onClose={close} />
      )}
      {overlay.kind === 'destroy' && <DestroyDialog rows={overlay.rows} onClose={close} />}
      {overlay.kind === 'account' && <AccountDialog accountId={overlay.accountId} onClose={close} />}
      {overlay.kind === 'newMailbox' && (
        <NewMailboxDialog accountId={overlay.accountId} parentId={overlay.parentId} onClose={close} />
      )}
      {overlay.kind === 'editMailbox' && <EditMailboxDialog mailbox={overlay.mailbox} onClose={close} />}
      {overlay.kind === 'deleteMailbox' && <DeleteMailboxDialog mailbox={overlay.mailbox} onClose={close} />}
      {overlay.kind === 'emptyMailbox' && <EmptyMailboxDialog mailbox={overlay.mailbox} onClose={close} />}
      {overlay.kind === 'addAccount' && <AddAccountDialog onClose={close} />}
      {overlay.kind === 'settings' && <SettingsDialog onClose={close} />}
      {overlay.kind === 'sidebar' && <SidebarDrawer onClose={close} />}
    </Suspense>
  );
}
