/**
 * A log that a station was asked for (OCPP 1.6 section 4.4 and security white paper 4.2, OCPP 2.x N01). Two tell of it: the station,
 * often the same thing many times over (Q51), and our own upload, which has the last word: what is stored is there.
 */
import { stateMachine } from '@kilowatch/kernel';

export const LOG_STATUSES = [
  'REQUESTED',
  'ACCEPTED',
  'UPLOADING',
  'CANCELLED',
  'REFUSED',
  'FAILED',
  'UPLOADED',
  'RECEIVED',
] as const;
export type LogStatus = (typeof LOG_STATUSES)[number];

/** Forward only; a station that failed may try again and succeed. */
export const logMoves = stateMachine<LogStatus>({
  REQUESTED: ['ACCEPTED', 'UPLOADING', 'CANCELLED', 'REFUSED', 'FAILED', 'UPLOADED', 'RECEIVED'],
  ACCEPTED: ['UPLOADING', 'CANCELLED', 'REFUSED', 'FAILED', 'UPLOADED', 'RECEIVED'],
  UPLOADING: ['CANCELLED', 'REFUSED', 'FAILED', 'UPLOADED', 'RECEIVED'],
  CANCELLED: ['REFUSED', 'FAILED', 'UPLOADED', 'RECEIVED'],
  REFUSED: ['FAILED', 'UPLOADED', 'RECEIVED'],
  FAILED: ['UPLOADED', 'RECEIVED'],
  UPLOADED: ['RECEIVED'],
  RECEIVED: [],
});

export function logAfter(status: LogStatus, news: LogStatus): LogStatus {
  return logMoves.canMove(status, news) ? news : status;
}

const WORDS: Readonly<Record<string, LogStatus>> = {
  Uploading: 'UPLOADING',
  Uploaded: 'UPLOADED',
  UploadFailure: 'FAILED',
  BadMessage: 'FAILED',
  NotSupportedOperation: 'FAILED',
  PermissionDenied: 'FAILED',
  AcceptedCanceled: 'CANCELLED',
};

/** Undefined for Idle, which only answers a trigger, and for words of nobody. */
export function logNews(word: string): LogStatus | undefined {
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}
