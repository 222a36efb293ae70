import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./ask.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      retryDelay: pauseBefore,
      // A change from somebody else arrives by the stream, so focus need not ask again.
      refetchOnWindowFocus: false,
    },
    // What is typed is sent at once or refused at once; what waits does so in sight (waiting-edits.ts).
    mutations: { retry: false, networkMode: "always" },
  },
});

const isPassing = (error: Error): boolean =>
  !(error instanceof ApiError) || error.status === 503 || error.status === 429 || error.code === "offline";

/** As long as the server says, else a little longer each time; in milliseconds. */
function pauseBefore(failures: number, error: Error): number {
  const told = error instanceof ApiError ? error.retryAfterSeconds : undefined;
  return 1_000 * (told ?? 2 ** failures);
}
