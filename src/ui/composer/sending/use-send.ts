import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { v7 as newId } from 'uuid';
import { problemOf } from '#ui/api/problem.ts';
import { useProblemText } from '#ui/messages/problem-text.tsx';
import { isCompleteAddress } from '../addresses.ts';
import { type Attachments, listedFiles, sizeOf } from '../attachments.ts';
import type { DraftContent } from '../draft-content.ts';
import type { DraftSaver } from '../draft-saver.ts';
import { atOnce, type SendOptions, send } from './send.ts';
import { type Warning, warningsOf } from './warnings.ts';

export interface Sending {
  isSending: boolean;
  problem: string | null;
  /** What is asked about before it is sent after all; empty while nothing is asked. */
  warnings: readonly Warning[];
  send: (options?: SendOptions) => void;
  sendAnyway: () => void;
  goBack: () => void;
}

interface Writing {
  accountId: string;
  /** The content as it is to leave: what the editor has written of it, cleaned. */
  finish: () => DraftContent;
  saver: DraftSaver;
  attachments: Attachments;
  onSent: () => void;
}

/** Sends a draft: its addresses looked at, what may be forgotten asked about, saved; each try under one key. */
export function useSend({ accountId, finish, saver, attachments, onSent }: Writing): Sending {
  const t = useTranslations('composer');
  const problemText = useProblemText();
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [warnings, setWarnings] = useState<readonly Warning[]>([]);
  const options = useRef(atOnce);
  const attempt = useRef({ draftId: '', key: '' });

  /** The same for each try of one draft; a window may go on with another one, where the first was sent elsewhere. */
  function keyOf(draftId: string): string {
    if (attempt.current.draftId !== draftId) attempt.current = { draftId, key: newId() };
    return attempt.current.key;
  }

  useEffect(() => {
    let files = attachments.state.get().files;
    return attachments.state.subscribe(() => {
      if (attachments.state.get().files !== files) setProblem(null);
      files = attachments.state.get().files;
    });
  }, [attachments]);

  const hasFailed = () => attachments.state.get().running.some((each) => each.problem !== null);

  function obstacle(content: DraftContent): string | null {
    const people = [...content.to, ...content.cc, ...content.bcc];
    if (hasFailed()) return t('uploadsFailed');
    if (people.length === 0) return t('noRecipients');
    return people.every(({ address }) => isCompleteAddress(address)) ? null : t('invalidRecipients');
  }

  async function run() {
    setSending(true);
    try {
      if (attachments.state.get().running.length > 0) setProblem(t('uploadsRunning'));
      // A file that was called off or did not get there: what was meant to be sent is another mail now.
      if (!(await attachments.settled())) {
        setProblem(hasFailed() ? t('uploadsFailed') : null);
        return;
      }
      setProblem(null);
      const content = finish();
      attachments.followText(content.html);
      await attachments.dropTakenOut();
      if (!(await saver.flush())) {
        const state = saver.state.get();
        setProblem(state.kind === 'failed' ? problemText(state.problem) : t('conflict'));
        return;
      }
      const remote = await saver.remote();
      if (remote === null) return;
      await send({ accountId, ...remote }, options.current, keyOf(remote.id));
      saver.forget();
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
    warnings,
    send(chosen = atOnce) {
      if (isSending) return;
      options.current = chosen;
      const content = finish();
      const found = obstacle(content);
      setProblem(found);
      setWarnings([]);
      if (found !== null) return;
      const state = attachments.state.get();
      const asked = warningsOf(content, { count: listedFiles(state).length, size: sizeOf(state) });
      setWarnings(asked);
      if (asked.length === 0) void run();
    },
    sendAnyway() {
      setWarnings([]);
      void run();
    },
    goBack: () => setWarnings([]),
  };
}
