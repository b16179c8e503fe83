/** What the page hears of its event stream. */
export interface StreamListeners {
  onConnected: () => void;
  /** It is lost, and looks for the server by itself. */
  onLost: () => void;
  /** It is over, well or badly, and comes back only when it is begun anew. */
  onOver: (error: unknown) => void;
}

const firstPause = 1000;
const longestPause = 15_000;
/** A stream that has said nothing for so long after it was begun, or lost, never will. */
const longestSilence = 30_000;

/**
 * Keeps an event stream: begins it anew whenever it is over, after a pause that grows while nobody answers. A server
 * that stops in order ends its streams in order too, and to the browser that is no fault that it would mend by itself;
 * nor is one that takes the connection and says nothing.
 */
export function keepWatching(
  begin: (listeners: StreamListeners) => () => void,
  listeners: StreamListeners,
): { restart: () => void; stop: () => void } {
  let pause = firstPause;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let end: () => void = () => undefined;
  /** Rises with each stream: what an earlier one still says is of no interest. */
  let turn = 0;

  function restart(): void {
    turn += 1;
    end();
    start();
  }

  function awaitWord(): void {
    clearTimeout(silence);
    silence = setTimeout(() => {
      listeners.onLost();
      restart();
    }, longestSilence);
  }

  function start(): void {
    clearTimeout(timer);
    awaitWord();
    turn += 1;
    const mine = turn;
    const ifCurrent = (run: () => void) => {
      if (mine === turn) run();
    };
    end = begin({
      onConnected: () =>
        ifCurrent(() => {
          clearTimeout(silence);
          pause = firstPause;
          listeners.onConnected();
        }),
      onLost: () =>
        ifCurrent(() => {
          awaitWord();
          listeners.onLost();
        }),
      onOver: (error) =>
        ifCurrent(() => {
          clearTimeout(silence);
          turn += 1;
          listeners.onOver(error);
          timer = setTimeout(start, pause);
          pause = Math.min(pause * 2, longestPause);
        }),
    });
  }

  start();
  return {
    restart,
    stop() {
      turn += 1;
      clearTimeout(silence);
      clearTimeout(timer);
      end();
    },
  };
}
