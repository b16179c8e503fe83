'use client';

import CircleAlert from 'lucide-react/icons/circle-alert';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { SetupProblemView } from '#api/views.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';

/** Why an account could not be connected: which server, what it said, and what is stored now (`kept`). */
export function SetupProblem({ problem, kept }: { problem: SetupProblemView; kept: string }) {
  const t = useTranslations('addAccount');
  const server = problem.server === null ? null : problem.tried[problem.server];
  const start = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new problem is brought into view
  useEffect(() => {
    // Newer browsers answer with a promise, which would be taken for a clean-up.
    void start.current?.scrollIntoView({ block: 'nearest' });
  }, [problem.at]);
  return (
    <div ref={start}>
      <Notice icon={CircleAlert} look="bad">
        {problem.server && <strong>{t(problem.server)}</strong>}
        <ProblemText problem={problem} />
        <small>
          {server && `${t('tried', { host: server.host, port: String(server.port) })}. `}
          {kept}
        </small>
      </Notice>
    </div>
  );
}
