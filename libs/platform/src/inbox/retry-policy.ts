import { ERROR_TABLE, toAppError, type AppError } from '@kilowatch/kernel';

export type Verdict =
  | { readonly action: 'retry'; readonly delayMs: number; readonly error: AppError }
  | { readonly action: 'dead-letter'; readonly error: AppError };

export const DEFAULT_MAX_DELIVER = 8;

const FIRST_DELAY_MS = 500;
const FACTOR = 3;
const MAX_DELAY_MS = 60_000;

/**
 * What to do with an event whose handler threw: the error table's consumer column. With 8 deliveries the retries span about
 * three minutes, longer than a neighbour's restart.
 */
export function verdict(thrown: unknown, delivery: number, maxDeliver: number): Verdict {
  const error = toAppError(thrown);
  const retryable = ERROR_TABLE[error.kind].consumer !== 'DEAD_LETTER';
  if (!retryable || delivery >= maxDeliver) return { action: 'dead-letter', error };
  return { action: 'retry', delayMs: retryDelayMs(delivery), error };
}

/** Delay after the n-th delivery (1, 2, ...). */
export function retryDelayMs(delivery: number): number {
  return Math.min(FIRST_DELAY_MS * FACTOR ** (delivery - 1), MAX_DELAY_MS);
}
