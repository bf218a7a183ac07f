import { useRef } from "react";

/**
 * For what is made in several steps, of which a later one may be refused: what is done is not done again when it is tried once more.
 * Answers whether the step was done now; where not, what a person has changed since then has to be put.
 */
export function useOnce(): (step: string, run: () => Promise<unknown>) => Promise<boolean> {
  const done = useRef(new Set<string>());
  return async (step, run) => {
    if (done.current.has(step)) return false;
    await run();
    done.current.add(step);
    return true;
  };
}
