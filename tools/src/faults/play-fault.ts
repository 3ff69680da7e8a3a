import type { Fault } from './fault.js';
import type { Stage } from './stage.js';
import { Findings, type Verdict } from './verdict.js';

/** On two idle cores each is over in three minutes; one that takes this long waits for what does not come. */
const LIMIT_MS = 300_000;

export interface Outcome extends Verdict {
  readonly name: string;
  readonly seconds: number;
}

/** Plays one fault on a stage, to its end or for five minutes, and judges it by the promises it names. */
export async function playFault(stage: Stage, fault: Fault, chargers = fault.chargers): Promise<Outcome> {
  await stage.prepare(chargers);
  const began = performance.now();
  const findings = new Findings();
  stage.chargers = chargers;
  stage.judge = (promise, problems) => findings.judge(promise, problems);
  const failure = await withinLimit(fault.play(stage)).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  // A fault that was given up may still find things: they are nobody's any more.
  stage.judge = () => undefined;
  await stage.release();
  const seconds = (performance.now() - began) / 1000;
  return { name: fault.name, seconds, ...findings.verdict(fault, failure) };
}

async function withinLimit(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
