/**
 * What becomes of a charger's call that could not be answered as usual: the OCPP column of the error table in
 * libs/kernel/src/errors.ts (docs/ocpp-notes.md section 2 says why), and what to do with a frame that breaks off.
 */
import { ERROR_TABLE, type AppError, type OcppCallAnswer } from '@kilowatch/kernel';
import { callBegun, STATION_ACTIONS, isTransactionAction, type OcppVersion } from '@kilowatch/ocpp';

export type FailureAnswer =
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'call_error'; readonly fault: Exclude<OcppCallAnswer, 'close'> }
  | { readonly kind: 'quarantine' };

export function answerToFailure(action: string, error: AppError): FailureAnswer {
  const { call, transaction } = ERROR_TABLE[error.kind].ocpp;
  const answer = !isTransactionAction(action) ? call : isOurSetUp(error) ? 'close' : transaction;
  if (answer === 'quarantine') return { kind: 'quarantine' };
  if (answer === 'close') return { kind: 'close', code: 1013, reason: 'try again later' };
  return { kind: 'call_error', fault: answer };
}

/** The service refused us (secret, version), not the message: that passes, and until then nothing of the message is wrong. */
function isOurSetUp({ code, details }: AppError): boolean {
  const status = code === 'SERVICE_CALL_FAILED' ? details?.['status'] : undefined;
  return status === 'UNAUTHENTICATED' || status === 'UNIMPLEMENTED';
}

/** Id and action of a frame that cannot be read as a whole, when it began as a call that stations make. */
export function brokenCall(version: OcppVersion, text: string): { id: string; action: string } | undefined {
  const call = callBegun(text);
  return call && STATION_ACTIONS[version].has(call.action) ? call : undefined;
}
