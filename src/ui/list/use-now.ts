import { useEffect, useState } from 'react';

/** The present, again at each midnight: "today" must not stay yesterday's. Milliseconds since 1970. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const midnight = new Date(now).setHours(24, 0, 1, 0);
    const timer = setTimeout(() => setNow(Date.now()), Math.max(1000, midnight - Date.now()));
    return () => clearTimeout(timer);
  }, [now]);
  return now;
}
