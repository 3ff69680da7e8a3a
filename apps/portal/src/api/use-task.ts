import { useRef, useState } from 'react';
import { errorSentence } from './error-text.js';

export interface Task {
  readonly isBusy: boolean;
  /** What went wrong and what to do, until it runs again. */
  readonly problem: string | undefined;
  readonly say: (problem: string | undefined) => void;
  /** Runs unless it runs already. What it resolves with is a problem; what it throws is put in words. */
  readonly run: (step: () => Promise<string | undefined>) => void;
}

/** One thing a form or a button does, one at a time. */
export function useTask(inWords: (error: unknown) => string = errorSentence): Task {
  const [isBusy, setBusy] = useState(false);
  const [problem, say] = useState<string>();
  const running = useRef(false);
  const run = (step: () => Promise<string | undefined>) => {
    if (running.current) return;
    running.current = true;
    say(undefined);
    setBusy(true);
    step()
      .catch((error: unknown) => inWords(error))
      .then((outcome) => {
        running.current = false;
        setBusy(false);
        say(outcome);
      })
      .catch(() => undefined);
  };
  return { isBusy, problem, say, run };
}
