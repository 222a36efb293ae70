import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./ask.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      // A change from somebody else arrives by the stream, so focus need not ask again.
      refetchOnWindowFocus: false,
    },
    // What is typed is sent at once or refused at once; what waits does so in sight (waiting-edits.ts).
    mutations: { retry: false, networkMode: "always" },
  },
});

const isPassing = (error: Error): boolean =>
  !(error instanceof ApiError) || error.status === 503 || error.code === "offline";
