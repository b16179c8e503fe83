import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { DraftView } from '#api/views.ts';
import { problemOf } from '#ui/api/problem.ts';
import { useProblemText } from '#ui/messages/problem-text.tsx';
import { isCompleteAddress } from './addresses.ts';
import type { DraftContent } from './draft-content.ts';
import type { DraftSaver } from './draft-saver.ts';
import { send } from './send.ts';

export interface Sending {
  isSending: boolean;
  problem: string | null;
  send: () => void;
}

/** Sends a draft: saved first, its addresses looked at, each try under one key. */
export function useSend(
  draft: DraftView,
  content: DraftContent,
  saver: DraftSaver,
  isUploading: boolean,
  onSent: () => void,
): Sending {
  const t = useTranslations('composer');
  const problemText = useProblemText();
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const key = useRef(crypto.randomUUID());

  function obstacle(): string | null {
    const people = [...content.to, ...content.cc, ...content.bcc];
    if (isUploading) return t('uploadsRunning');
    if (people.length === 0) return t('noRecipients');
    return people.every(({ address }) => isCompleteAddress(address)) ? null : t('invalidRecipients');
  }

  async function run() {
    setSending(true);
    try {
      if (!(await saver.flush())) return;
      await send(draft, saver.version(), key.current);
      onSent();
    } catch (error) {
      setProblem(problemText(problemOf(error)));
    } finally {
      setSending(false);
    }
  }

  return {
    isSending,
    problem,
    send() {
      if (isSending) return;
      const found = obstacle();
      setProblem(found);
      if (found === null) void run();
    },
  };
}
