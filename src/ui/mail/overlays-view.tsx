'use client';

import { lazy, Suspense } from 'react';
import { useStore } from '#ui/kit/store.ts';
import { type Overlay, overlayStore, showOverlay } from './overlays.ts';

// Loaded when first asked for: the list comes first.
const HelpSheet = lazy(() => import('#ui/actions/help-sheet.tsx'));
const MoveDialog = lazy(() => import('#ui/actions/move-dialog.tsx'));
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
      {overlay.kind === 'move' && <MoveDialog rows={overlay.rows} onClose={close} />}
      {overlay.kind === 'addAccount' && <AddAccountDialog onClose={close} />}
      {overlay.kind === 'settings' && <SettingsDialog onClose={close} />}
      {overlay.kind === 'sidebar' && <SidebarDrawer onClose={close} />}
    </Suspense>
  );
}
