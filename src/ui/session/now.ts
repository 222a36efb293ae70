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

/** "YYYY-MM-DD", as the calendar on the reader's wall has it. */
export function dayHere(at: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
