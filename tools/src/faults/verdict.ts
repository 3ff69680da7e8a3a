import type { Fault, PromiseCode } from './fault.js';

export interface Verdict {
  readonly passed: boolean;
  /** One per promise, and one for a run that did not get to its end. */
  readonly lines: readonly string[];
}

/** As many sentences of one broken promise are shown; a broken fleet says the same fifty times. */
const SHOWN = 8;

/** What was found about each promise: no sentence means that it was looked at and held. */
export class Findings {
  private readonly byPromise = new Map<PromiseCode, string[]>();

  /** `problems` are sentences that say what was wrong; none of them: the promise held where it was looked at. */
  judge(promise: PromiseCode, problems: readonly string[]): void {
    this.byPromise.set(promise, [...(this.byPromise.get(promise) ?? []), ...problems]);
  }

  /** Passed only if every promise of the fault was judged, and none that was judged is broken. */
  verdict(fault: Pick<Fault, 'promises'>, failure?: string): Verdict {
    const codes = [...new Set([...fault.promises, ...this.byPromise.keys()])].sort();
    const judged = codes.map((code) => ({ code, problems: this.byPromise.get(code) }));
    const lines = judged.flatMap(({ code, problems }) => linesOf(code, problems));
    if (failure !== undefined) lines.push(`did not get to its end: ${failure}`);
    return { passed: failure === undefined && judged.every(({ problems }) => problems?.length === 0), lines };
  }
}

function linesOf(code: PromiseCode, problems: readonly string[] | undefined): string[] {
  if (problems === undefined) return [`${code} was not judged`];
  if (problems.length === 0) return [`${code} held`];
  const rest = problems.length - SHOWN;
  return [
    ...problems.slice(0, SHOWN).map((problem) => `${code} BROKEN: ${problem}`),
    ...(rest > 0 ? [`${code} BROKEN: and ${rest} more`] : []),
  ];
}
