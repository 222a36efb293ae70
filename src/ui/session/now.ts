import { useEffect, useState } from "react";

const minuteMilliseconds = 60_000;

/** The time, told anew every minute, for what is said relative to now. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), minuteMilliseconds);
    return () => clearInterval(timer);
  }, []);
  return now;
}
