/**
 * What a connected charger needs that does not behave (docs/ocpp-notes.md Q24, Q26): one that was told to come back and does
 * not is asked to boot again and shown to the operator; one that is silent is probed; one that lets calls time out loses its
 * socket, because its program hangs while its TCP stack answers. One that is not pinged (Q21) lives by what it sends within its
 * heartbeat interval and a tolerance; it is probed before that is over, so that one with a longer interval than we know is not
 * taken for gone. One that never booted at all is sessions' business (Q23).
 */
export type Care = 'ask_again' | 'probe' | 'recycle';

export interface Patient {
  readonly lastCallAt: Date;
  /** Undefined: no boot was answered on this connection. */
  readonly registration: 'Accepted' | 'Pending' | 'Rejected' | undefined;
  readonly bootAnsweredAt: Date | undefined;
  readonly intervalSeconds: number | undefined;
  readonly askedToBootAt: Date | undefined;
  readonly unanswered: number;
  readonly isPinged: boolean;
}

/** The interval a charger was told, and as much again. */
const PATIENCE = 2;
const SILENT_INTERVALS = 3;
/** Of one that is not pinged. */
const SILENT_INTERVALS_UNPINGED = 1.5;
const GONE_INTERVALS_UNPINGED = 2;
/** A probe is sent at most half a minute late and answered within another; and half a minute more. */
const PROBE_MS = 90_000;
const USUAL_INTERVAL_SECONDS = 300;
export const MOST_UNANSWERED = 3;

export function careFor(patient: Patient, now: Date): Care | undefined {
  if (patient.unanswered >= MOST_UNANSWERED) return 'recycle';
  if (isLateToBoot(patient, now)) return 'ask_again';
  return isSilent(patient, now) ? 'probe' : undefined;
}

function isLateToBoot(patient: Patient, now: Date): boolean {
  const { registration, bootAnsweredAt, askedToBootAt } = patient;
  if (registration === undefined || registration === 'Accepted' || !bootAnsweredAt) return false;
  const last = askedToBootAt && askedToBootAt > bootAnsweredAt ? askedToBootAt : bootAnsweredAt;
  return since(last, now) >= PATIENCE * intervalMs(patient);
}

function isSilent(patient: Patient, now: Date): boolean {
  const intervals = patient.isPinged ? SILENT_INTERVALS : SILENT_INTERVALS_UNPINGED;
  return since(patient.lastCallAt, now) >= intervals * intervalMs(patient);
}

/** How long a charger that is not pinged may send nothing at all before it counts as gone. Undefined: no interval was told. */
export function silenceAllowedMs(intervalSeconds: number | undefined): number {
  return GONE_INTERVALS_UNPINGED * intervalMs({ intervalSeconds }) + PROBE_MS;
}

function intervalMs({ intervalSeconds }: Pick<Patient, 'intervalSeconds'>): number {
  return (intervalSeconds ?? USUAL_INTERVAL_SECONDS) * 1000;
}

function since(at: Date, now: Date): number {
  return now.getTime() - at.getTime();
}
