'use client';

import { useTranslations } from 'use-intl';
import type { IconShape } from '#ui/kit/icon.tsx';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { actionContext } from './context.ts';
import { actionOf } from './registry.ts';

/** A toolbar button for an action: its label, key and what it does come from the table. */
export function ActionButton({
  id,
  icon,
  isDisabled = false,
}: {
  id: string;
  icon: IconShape;
  isDisabled?: boolean;
}) {
  const t = useTranslations('actions');
  const action = actionOf(id);
  return (
    <IconButton
      icon={icon}
      label={t(action.label)}
      shownKey={action.shownKey ?? undefined}
      disabled={isDisabled}
      onClick={() => {
        const context = actionContext();
        if (action.canRun(context)) action.run(context);
      }}
    />
  );
}
