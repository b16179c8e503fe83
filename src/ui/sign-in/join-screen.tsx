'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ApiProvider } from '#ui/api/api-provider.tsx';
import { api } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import { Card } from './card.tsx';
import { JoinForm } from './join-form.tsx';

function Invitation({ token }: { token: string }) {
  const t = useTranslations('join');
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => api.invitations.read.query({ token }),
  });
  if (invitation.isPending) return <Card title={t('title')} lead={t('reading')} />;
  if (invitation.isError) {
    return (
      <Card title={t('title')}>
        <Notice look="bad">
          <ProblemText problem={problemOf(invitation.error)} />
        </Notice>
      </Card>
    );
  }
  if (invitation.data === null) return <Card title={t('goneTitle')} lead={t('gone')} />;
  return <JoinForm token={token} invitation={invitation.data} />;
}

/** A one-time link: the first admin of a new Mailroom, or a person whom an admin invited. */
export function JoinScreen({ token }: { token: string }) {
  return (
    <ApiProvider>
      <Invitation token={token} />
    </ApiProvider>
  );
}
