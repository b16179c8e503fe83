import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { SetupProblemView } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { problemOf } from '#ui/api/problem.ts';
import { queryClient } from '#ui/api/query-client.ts';

const pollInterval = 250;

function problemBeforeTrying(error: unknown): SetupProblemView {
  return {
    ...problemOf(error),
    at: Date.now(),
    server: null,
    tried: { imap: null, smtp: null },
    certificate: null,
  };
}

/**
 * Tries an account, or other servers of one: the worker does, and is asked four times a second how far it is.
 * @param send hands over what is to be tried
 */
export function useSetup<Request>(
  send: (request: Request) => Promise<{ setupId: string }>,
  onDone: () => void,
) {
  const [setupId, setSetupId] = useState<string | null>(null);
  const [isStarting, setStarting] = useState(false);
  const [startProblem, setStartProblem] = useState<SetupProblemView | null>(null);
  const setup = useQuery({
    queryKey: ['setup', setupId],
    queryFn: () => api.accounts.setup.query({ setupId: setupId ?? '' }),
    enabled: setupId !== null,
    gcTime: 0,
    refetchInterval: ({ state: { data, error } }) =>
      error || data?.status === 'done' || data?.status === 'failed' ? false : pollInterval,
  });
  const isDone = setup.data?.status === 'done';
  useEffect(() => {
    if (!isDone) return;
    void queryClient.invalidateQueries({ queryKey: keys.accounts });
    void queryClient.invalidateQueries({ queryKey: keys.lists });
    // Once for each: what is over is forgotten.
    setSetupId(null);
    onDone();
  }, [isDone, onDone]);
  async function start(request: Request) {
    setStarting(true);
    setStartProblem(null);
    setSetupId(null);
    try {
      setSetupId((await send(request)).setupId);
    } catch (error) {
      setStartProblem(problemBeforeTrying(error));
    } finally {
      setStarting(false);
    }
  }
  const failed = setup.isError ? problemBeforeTrying(setup.error) : (setup.data?.problem ?? null);
  const isOver = setup.isError || setup.data?.status === 'failed';
  return {
    start: (request: Request) => void start(request),
    isTrying: isStarting || (setupId !== null && !isOver),
    isWaiting: setup.data?.status === 'waiting',
    /** What the trial is at, or failed at; null where none has begun. */
    step: setup.data?.step ?? null,
    problem: startProblem ?? (isOver ? failed : null),
  };
}
