/** What one operation may ask for at most; the first limit it breaks is its refusal. */
import { invalid, type AppError } from '@kilowatch/kernel';
import type { OperationSize } from './operation-size.js';

/** Lexical tokens of a document; the parser stops there. */
export const MAX_TOKENS = 1_000;
export const MAX_BODY_BYTES = 256 * 1024;

export type OperationLimits = OperationSize;

/** Depth and cost are set per installation, the rest is the same everywhere. */
export function operationLimits(maxDepth: number, maxCost: number): OperationLimits {
  return { depth: maxDepth, cost: maxCost, aliases: 15, directives: 50, credentialFields: 1, changes: 15 };
}

/** Who has not signed in can do little but guess: one guess a request, whatever the field is called. */
export function limitsForNobody(limits: OperationLimits): OperationLimits {
  return { ...limits, changes: 1 };
}

const REFUSALS: Readonly<Record<keyof OperationSize, { code: string; what: string }>> = {
  depth: { code: 'QUERY_TOO_DEEP', what: 'is nested too deeply' },
  aliases: { code: 'QUERY_TOO_MANY_ALIASES', what: 'has too many aliases' },
  directives: { code: 'QUERY_TOO_MANY_DIRECTIVES', what: 'has too many directives' },
  credentialFields: { code: 'QUERY_TOO_MANY_SIGN_INS', what: 'tries to sign in more than once' },
  changes: { code: 'QUERY_TOO_MANY_CHANGES', what: 'changes too many things at once' },
  cost: { code: 'QUERY_TOO_EXPENSIVE', what: 'asks for too much at once; ask for smaller pages' },
};

export function refusal(size: OperationSize, limits: OperationLimits): AppError | undefined {
  for (const measure of Object.keys(REFUSALS) as (keyof OperationSize)[]) {
    if (size[measure] <= limits[measure]) continue;
    const { code, what } = REFUSALS[measure];
    return invalid(code, `The operation ${what} (${size[measure]}, at most ${limits[measure]})`);
  }
  return undefined;
}
