'use client';

import type { ComponentProps } from 'react';
import { useTranslations } from 'use-intl';
import type { IconShape } from '#ui/kit/icon.tsx';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { actionContext } from './context.ts';
import { actionOf } from './registry.ts';

/** Does an action, where it may be done now. */
export function runAction(id: string): void {
  const action = actionOf(id);
  const context = actionContext();
  if (action.canRun(context)) action.run(context);
}

/** A toolbar button for an action: its label (unless another is given), key and what it does come from the table. */
export function ActionButton({
  id,
  icon,
  isDisabled = false,
  ...props
}: Partial<ComponentProps<typeof IconButton>> & { id: string; icon: IconShape; isDisabled?: boolean }) {
  const t = useTranslations('actions');
  const action = actionOf(id);
  return (
    <IconButton
      label={t(action.label)}
      shownKey={action.shownKey ?? undefined}
      {...props}
      icon={icon}
      disabled={isDisabled}
      onClick={() => runAction(id)}
    />
  );
}
