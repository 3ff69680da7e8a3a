import type { CaseResult, Verdict } from './run-cases.js';

const VERDICTS: readonly Verdict[] = ['PASS', 'FAIL', 'NOT BUILT'];

export function countOf(results: readonly CaseResult[], verdict: Verdict): number {
  return results.filter((result) => result.verdict === verdict).length;
}

/** Case, requirement, result and title of each, by block; the sum at the end. */
export function tableOf(version: string, results: readonly CaseResult[]): string[] {
  const width = (of: (result: CaseResult) => string, least: number) =>
    Math.max(least, ...results.map((result) => of(result).length));
  const [ids, requirements] = [width(({ id }) => id, 4), width(({ requirement }) => requirement, 11)];
  const row = (id: string, requirement: string, verdict: string, title: string) =>
    `${id.padEnd(ids)}  ${requirement.padEnd(requirements)}  ${verdict.padEnd(9)}  ${title}`;
  const lines = [`OCPP ${version}`, row('case', 'requirement', 'result', 'title')];
  for (const block of new Set(results.map((result) => result.block))) {
    lines.push('', block);
    for (const each of results.filter((result) => result.block === block)) {
      lines.push(row(each.id, each.requirement, each.verdict, each.title));
      if (each.reason !== '') lines.push(`${' '.repeat(ids + 2)}${each.verdict}: ${each.reason}`);
    }
  }
  return [...lines, '', summaryOf(version, results)];
}

export function summaryOf(version: string, results: readonly CaseResult[]): string {
  const counts = VERDICTS.map((verdict) => `${countOf(results, verdict)} ${verdict}`).join(', ');
  return `OCPP ${version}: ${results.length} cases: ${counts}`;
}
