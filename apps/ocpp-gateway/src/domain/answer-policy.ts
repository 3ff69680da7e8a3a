/**
 * What becomes of a charger's call that could not be answered as usual (house error table, OCPP column; ocpp.md section 2).
 * A charger drops a transaction message after three CALLERRORs, and keeps it while the socket is closed. So:
 * not available now -> close the socket; never going to work -> keep the raw frame, answer normally, alert.
 */
import { ERROR_TABLE, type AppError } from '@kilowatch/kernel';
import { STATION_ACTIONS, isTransactionAction, type OcppVersion } from '@kilowatch/ocpp';

export type FailureAnswer =
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'call_error'; readonly fault: 'internal' | 'formation' | 'security' | 'generic' }
  | { readonly kind: 'quarantine' };

const CLOSE_TRY_LATER: FailureAnswer = { kind: 'close', code: 1013, reason: 'try again later' };

export function answerToFailure(action: string, error: AppError): FailureAnswer {
  if (error.kind === 'RATE_LIMITED') return CLOSE_TRY_LATER;
  const unavailable = error.kind === 'UNAVAILABLE' || error.kind === 'TIMEOUT';
  if (isTransactionAction(action)) return unavailable ? CLOSE_TRY_LATER : { kind: 'quarantine' };
  if (unavailable) return { kind: 'call_error', fault: 'internal' };
  switch (ERROR_TABLE[error.kind].ocpp16) {
    case 'FormationViolation':
      return { kind: 'call_error', fault: 'formation' };
    case 'SecurityError':
      return { kind: 'call_error', fault: 'security' };
    case 'InternalError':
      return { kind: 'call_error', fault: 'internal' };
    default:
      return { kind: 'call_error', fault: 'generic' };
  }
}

const CALL_START = /^\s*\[\s*2\s*,\s*"([^"\\]{1,255})"\s*,\s*"([A-Za-z]{1,50})"/;

/** Id and action of a frame that cannot be read as a whole, when it began as a transaction call. */
export function brokenTransactionCall(
  version: OcppVersion,
  text: string,
): { id: string; action: string } | undefined {
  const [, id, action] = CALL_START.exec(text.slice(0, 512)) ?? [];
  if (id === undefined || action === undefined || !STATION_ACTIONS[version].has(action)) return undefined;
  return isTransactionAction(action) ? { id, action } : undefined;
}
