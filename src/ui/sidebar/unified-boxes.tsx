'use client';

import { useQuery } from '@tanstack/react-query';
import Send from 'lucide-react/icons/send';
import { useTranslations } from 'use-intl';
import type { AccountView, SubmissionView } from '#api/views.ts';
import { draftsQuery, submissionsQuery } from '#ui/api/queries.ts';
import { isToDismiss, isTrouble } from '#ui/api/submission-trouble.ts';
import { Icon } from '#ui/kit/icon.tsx';
import { unifiedRoles, unreadInRole } from '#ui/list/list-source.ts';
import { usePlace, wholePlace } from '#ui/navigation/navigate.ts';
import { inboxOfAll } from '#ui/navigation/place.ts';
import { BoxLink } from './box-link.tsx';
import { iconOfRole } from './role-icons.ts';

const counted = new Set(['inbox', 'junk']);

/** What a person should know of: a message on its way for the first time needs nobody. */
function isStuck(submission: SubmissionView): boolean {
  const { status, attempts, waiting } = submission;
  const isHeld = waiting !== null && waiting.for !== 'undo';
  const isStanding = isTrouble(submission) || isToDismiss(submission);
  return isStanding || isHeld || (status === 'queued' && attempts > 0);
}

/** The lists over all accounts. The outbox is there while something is scheduled or stuck in it. */
export function UnifiedBoxes({
  accounts,
  onChosen,
}: {
  accounts: readonly AccountView[];
  onChosen?: (() => void) | undefined;
}) {
  const t = useTranslations('roles');
  const sentence = useTranslations('sidebar');
  const place = usePlace(wholePlace);
  const drafts = useQuery(draftsQuery);
  const submissions = useQuery(submissionsQuery);
  const waiting = submissions.data?.filter(isStuck).length ?? 0;
  const isOn = (box: string) => place.account === 'all' && place.box === box;
  const count = (role: (typeof unifiedRoles)[number]) => {
    if (role === 'drafts') return drafts.data?.length ?? 0;
    return counted.has(role) ? unreadInRole(role, accounts) : 0;
  };
  return (
    <>
      {unifiedRoles.map((role) => (
        <BoxLink
          key={role}
          place={{ ...inboxOfAll, box: role }}
          isOn={isOn(role)}
          mark={<Icon of={iconOfRole(role)} />}
          name={t(role)}
          unread={count(role)}
          said={role === 'drafts' ? sentence('drafts', { count: count(role) }) : undefined}
          onChosen={onChosen}
        />
      ))}
      {(waiting > 0 || isOn('outbox')) && (
        <BoxLink
          place={{ ...inboxOfAll, box: 'outbox' }}
          isOn={isOn('outbox')}
          mark={<Icon of={Send} />}
          name={t('outbox')}
          unread={waiting}
          onChosen={onChosen}
        />
      )}
    </>
  );
}
