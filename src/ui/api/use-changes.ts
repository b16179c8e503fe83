import { useEffect } from 'react';
import { catchUp, catchUpAll } from './changes.ts';
import { api } from './client.ts';
import { connectionStore, setConnection } from './connection.ts';
import { keepWatching, type StreamListeners } from './keep-watching.ts';
import { keys } from './keys.ts';
import { isSignedOut } from './problem.ts';
import { queryClient } from './query-client.ts';

/** After a failed catching up with a stream that is well: how long until it is tried again. */
const nextTry = 5000;

function begin({ onConnected, onLost, onOver }: StreamListeners): () => void {
  const subscription = api.changes.watch.subscribe(undefined, {
    onConnectionStateChange({ state, error }) {
      if (state === 'pending') onConnected();
      else if (error) onLost();
    },
    onData(event) {
      if (event.kind === 'accounts') {
        void queryClient.invalidateQueries({ queryKey: keys.accounts });
        // An account that is paused, or wants its password, holds its messages back.
        void queryClient.invalidateQueries({ queryKey: keys.submissions });
      }
      if (event.kind === 'account') void catchUp(event.accountId, event.state);
    },
    onComplete: () => onOver(null),
    onError: onOver,
  });
  return () => subscription.unsubscribe();
}

function setLost(): void {
  setConnection(navigator.onLine ? 'reconnecting' : 'offline');
}

/** Keeps what the browser knows in step with the server, by its event stream, for as long as the screen is there. */
export function useChanges(): void {
  useEffect(() => {
    let isConnected = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function tryAgain(): Promise<void> {
      const isDone = await catchUpAll();
      if (!isConnected || connectionStore.get().status !== 'reconnecting') return;
      if (isDone) setConnection('live');
      else timer = setTimeout(tryAgain, nextTry);
    }
    const watching = keepWatching(begin, {
      onConnected() {
        isConnected = true;
        setConnection('live');
        void catchUpAll();
      },
      onLost() {
        isConnected = false;
        setLost();
      },
      onOver(error) {
        isConnected = false;
        setLost();
        // Whoever is signed out is led away by the next answer.
        if (isSignedOut(error)) void queryClient.invalidateQueries({ queryKey: keys.me });
      },
    });
    // The network is another one: the stream may be dead without knowing it.
    const onOnline = () => {
      setLost();
      watching.restart();
    };
    // A catching up that failed leaves the page old while the stream is well: nothing else would mend it.
    const forget = connectionStore.subscribe(() => {
      clearTimeout(timer);
      if (isConnected && connectionStore.get().status === 'reconnecting')
        timer = setTimeout(tryAgain, nextTry);
    });
    window.addEventListener('online', onOnline);
    window.addEventListener('offline', setLost);
    return () => {
      clearTimeout(timer);
      forget();
      window.removeEventListener('online', onOnline);
      window.removeEventListener('offline', setLost);
      watching.stop();
    };
  }, []);
}
