/**
 * What a connected charger needs that does not behave (docs/ocpp-notes.md Q23, Q24, Q26): one that never booted is asked to,
 * once; one that was told to come back and does not is asked again and shown to the operator; one that is silent is probed;
 * one that lets calls time out loses its socket, because its program hangs while its TCP stack answers.
 */
export type Care = 'ask_to_boot' | 'ask_again' | 'probe' | 'recycle';

export interface Patient {
  readonly connectedAt: Date;
  readonly lastCallAt: Date;
  /** Undefined: no boot was answered on this connection. */
  readonly registration: 'Accepted' | 'Pending' | 'Rejected' | undefined;
  readonly bootAnsweredAt: Date | undefined;
  readonly intervalSeconds: number | undefined;
  /** It has told what it is before, on this connection or an earlier one. */
  readonly hasBooted: boolean;
  readonly askedToBootAt: Date | undefined;
  readonly unanswered: number;
}

/** A charger that boots does so in its first seconds. */
const SETTLE_MS = 45_000;
/** The interval a charger was told, and as much again. */
const PATIENCE = 2;
const SILENT_INTERVALS = 3;
const USUAL_INTERVAL_SECONDS = 300;
export const MOST_UNANSWERED = 3;

export function careFor(patient: Patient, now: Date): Care | undefined {
  if (patient.unanswered >= MOST_UNANSWERED) return 'recycle';
  if (isLateToBoot(patient, now)) return 'ask_again';
  if (isUnheardOf(patient, now)) return 'ask_to_boot';
  return isSilent(patient, now) ? 'probe' : undefined;
}

function isUnheardOf({ registration, hasBooted, connectedAt, askedToBootAt }: Patient, now: Date): boolean {
  return (
    registration === undefined &&
    !hasBooted &&
    askedToBootAt === undefined &&
    since(connectedAt, now) >= SETTLE_MS
  );
}

function isLateToBoot(patient: Patient, now: Date): boolean {
  const { registration, bootAnsweredAt, askedToBootAt } = patient;
  if (registration === undefined || registration === 'Accepted' || !bootAnsweredAt) return false;
  const last = askedToBootAt && askedToBootAt > bootAnsweredAt ? askedToBootAt : bootAnsweredAt;
  return since(last, now) >= PATIENCE * intervalMs(patient);
}

function isSilent(patient: Patient, now: Date): boolean {
  return since(patient.lastCallAt, now) >= SILENT_INTERVALS * intervalMs(patient);
}

function intervalMs({ intervalSeconds }: Patient): number {
  return (intervalSeconds ?? USUAL_INTERVAL_SECONDS) * 1000;
}

function since(at: Date, now: Date): number {
  return now.getTime() - at.getTime();
}
