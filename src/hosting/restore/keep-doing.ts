/** How a chore waits, and where what it throws goes. `wait` returns early when it is over. */
export type Pace = {
  isOver(): boolean;
  wait(milliseconds: number): Promise<void>;
  failed(error: unknown): void;
};

// What says each time that it did something, and did not, must not take a processor for itself.
const breathMilliseconds = 1_000;

/**
 * Does `look` again and again until it is over: at once while it finds something to do, after a pause when it found
 * nothing or failed.
 */
export async function keepDoing(
  { isOver, wait, failed }: Pace,
  pauseMilliseconds: number,
  look: () => Promise<"did something" | "nothing to do">,
): Promise<void> {
  while (!isOver()) {
    const found = await look().catch((error: unknown) => {
      if (!isOver()) failed(error);
      return "nothing to do";
    });
    await wait(found === "did something" ? breathMilliseconds : pauseMilliseconds);
  }
}
