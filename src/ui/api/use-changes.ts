import { useEffect } from 'react';
import { catchUp, catchUpAll } from './changes.ts';
import { api } from './client.ts';
import { setConnection } from './connection.ts';
import { keys } from './keys.ts';
import { queryClient } from './query-client.ts';

/** Keeps what the browser knows in step with the server, by its event stream, for as long as the screen is there. */
export function useChanges(): void {
  useEffect(() => {
    const onOnline = () => setConnection(navigator.onLine ? 'reconnecting' : 'offline');
    window.addEventListener('online', onOnline);
    window.addEventListener('offline', onOnline);
    const subscription = api.changes.watch.subscribe(undefined, {
      onConnectionStateChange({ state, error }) {
        if (state === 'pending') {
          setConnection('live');
          void catchUpAll();
        } else if (error) setConnection(navigator.onLine ? 'reconnecting' : 'offline');
      },
      onData(event) {
        setConnection('live');
        if (event.kind === 'accounts') void queryClient.invalidateQueries({ queryKey: keys.accounts });
        if (event.kind === 'account') void catchUp(event.accountId, event.state);
      },
      onError: () => setConnection(navigator.onLine ? 'reconnecting' : 'offline'),
    });
    return () => {
      window.removeEventListener('online', onOnline);
      window.removeEventListener('offline', onOnline);
      subscription.unsubscribe();
    };
  }, []);
}
