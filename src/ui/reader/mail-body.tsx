'use client';

import { useQuery } from '@tanstack/react-query';
import CircleAlert from 'lucide-react/icons/circle-alert';
import { useTranslations } from 'use-intl';
import type { BodyView, EmailView } from '#api/views.ts';
import { problemOf } from '#ui/api/problem.ts';
import { bodyQuery } from '#ui/api/queries.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { Skeleton } from '#ui/kit/skeleton.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import { HtmlMail } from './html-frame/html-mail.tsx';
import styles from './mail.module.css';
import { PlainText } from './plain-text.tsx';

function Shown({ email, body }: { email: EmailView; body: BodyView }) {
  const t = useTranslations('reader');
  if (body.html !== null && body.html.trim() !== '') return <HtmlMail email={email} html={body.html} />;
  if (body.text.trim() === '') return <p>{t('empty')}</p>;
  return <PlainText text={body.text} />;
}

function Failed({
  problem,
  onRetry,
}: {
  problem: { code: string; detail: string | null };
  onRetry: () => void;
}) {
  const t = useTranslations();
  return (
    <Notice
      icon={CircleAlert}
      look="bad"
      actions={<LinkButton onClick={onRetry}>{t('kit.retry')}</LinkButton>}
    >
      <strong>{t('reader.bodyFailedTitle')}</strong>
      <ProblemText problem={problem} />
    </Notice>
  );
}

/** The text of a mail, asked for where it did not come with the conversation. */
export function MailBody({ email }: { email: EmailView }) {
  const t = useTranslations('reader');
  const isFailed = email.bodyStatus === 'failed';
  const query = useQuery({
    ...bodyQuery(email.accountId, email.id),
    enabled: email.body === null && !isFailed,
  });
  const body = email.body ?? query.data;
  if (body) return <Shown email={email} body={body} />;
  if (query.isError) return <Failed problem={problemOf(query.error)} onRetry={() => void query.refetch()} />;
  if (isFailed && !query.isFetching) {
    // The code, and behind it what the server said.
    const [, code = 'could_not_fetch', detail = null] =
      /^(\w+)(?:: (.*))?$/.exec(email.bodyProblem ?? '') ?? [];
    const problem = { code, detail };
    return <Failed problem={problem} onRetry={() => void query.refetch()} />;
  }
  return (
    <div className={styles.bodyLoading} role="status" aria-label={t('bodyLoading')}>
      <Skeleton width={80} />
      <Skeleton width={72} />
      <Skeleton width={45} />
    </div>
  );
}
