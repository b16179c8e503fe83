import { skipToken, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import type { Address, PersonView } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { isCompleteAddress } from '../addresses.ts';
import { mayMean } from './may-mean.ts';

const none: readonly PersonView[] = [];
const shown = 6;
const aMinute = 60_000;

export interface Completion {
  people: readonly PersonView[];
  /** Which of them Enter takes; -1 for none. */
  active: number;
  isOpen: boolean;
  step(by: 1 | -1): void;
  /** The pointer is over one: it is the one that is meant from now on. */
  point(index: number): void;
  close(): void;
}

/** People whom the first letters of a recipient may mean, without those who are there already. */
export function useCompletion(typed: string, taken: readonly Address[]): Completion {
  const text = useDeferredValue(typed.trim());
  const { data = none } = useQuery({
    queryKey: ['people', text],
    queryFn: text === '' ? skipToken : () => api.people.complete.query({ query: text, accountId: null }),
    staleTime: aMinute,
    retry: false,
    placeholderData: (before) => before,
  });
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other letters, other people: the choice begins anew
  useEffect(() => setChosen(null), [text]);
  // Until the answer for these very letters is here, those of the answer before are shown that they may still mean.
  const people = data
    .filter((person) => mayMean(person, typed))
    .filter(({ address }) => !taken.some((other) => other.address.toLowerCase() === address.toLowerCase()))
    .slice(0, shown);
  const isOpen = typed.trim() !== '' && closedFor !== typed && people.length > 0;
  // Whoever has typed a whole address means it, and not somebody whose address begins alike.
  const first = isCompleteAddress(typed.trim()) ? -1 : 0;
  return {
    people,
    active: isOpen ? Math.min(chosen ?? first, people.length - 1) : -1,
    isOpen,
    step(by) {
      setClosedFor(null);
      setChosen((before) => {
        const from = before ?? first;
        return (from + by + people.length) % Math.max(1, people.length);
      });
    },
    point: setChosen,
    close: () => setClosedFor(typed),
  };
}
