/**
 * Connectors that misbehave without a session (docs/ocpp-notes.md Q47): plugs that come and go though nobody is there, and
 * Finishing or Faulted that never ends. Found from the statuses of one connector, by device time.
 */
export type Trouble = 'PHANTOM_PLUG' | 'STUCK_FINISHING' | 'STUCK_FAULTED';

export interface StatusChange {
  readonly status: string;
  /** ms */
  readonly at: number;
}

export interface RecoveryTry {
  readonly step: RecoveryStep;
  readonly at: number;
}

/** From what disturbs nobody to what might. */
export const RECOVERY_STEPS = ['TRIGGER_STATUS', 'AVAILABILITY_CYCLE', 'UNLOCK'] as const;
export type RecoveryStep = (typeof RECOVERY_STEPS)[number];

export const PLUG_CYCLES = 4;
export const PLUG_WINDOW_MS = 10 * 60_000;
export const LONGEST_FINISHING_MS = 12 * 3_600_000;
export const LONGEST_FAULT_MS = 15 * 60_000;
/** A charger that restarts its connector needs so long to say how it went. */
export const PATIENCE_MS = 3 * 60_000;

/** 2.x has one word for both. */
const PLUGGED: ReadonlySet<string> = new Set(['PREPARING', 'FINISHING', 'OCCUPIED']);

/** @param changes in order of time, while no session ran */
export function troubleOf(changes: readonly StatusChange[], now: number): Trouble | undefined {
  const last = changes.at(-1);
  if (!last) return undefined;
  if (last.status === 'FAULTED' && now - last.at >= LONGEST_FAULT_MS) return 'STUCK_FAULTED';
  if (last.status === 'FINISHING' && now - last.at >= LONGEST_FINISHING_MS) return 'STUCK_FINISHING';
  return plugCycles(changes, now - PLUG_WINDOW_MS) >= PLUG_CYCLES ? 'PHANTOM_PLUG' : undefined;
}

/** How often a plug came and went again since then. */
function plugCycles(changes: readonly StatusChange[], since: number): number {
  return changes.filter(
    ({ status, at }, i) =>
      at >= since && status === 'AVAILABLE' && i > 0 && PLUGGED.has(changes[i - 1]!.status),
  ).length;
}

/**
 * What to try now; `undefined`: wait for the last try to show, `CALL_A_PERSON`: nothing of ours helps. A plug that comes and goes
 * is not unlocked: a cable may be in. Nothing is repeated.
 */
export function nextRecovery(
  trouble: Trouble,
  tries: readonly RecoveryTry[],
  now: number,
): RecoveryStep | 'CALL_A_PERSON' | undefined {
  const last = tries.at(-1);
  if (last && now - last.at < PATIENCE_MS) return undefined;
  const tried = new Set(tries.map(({ step }) => step));
  const step = RECOVERY_STEPS.find(
    (each) => !tried.has(each) && (each !== 'UNLOCK' || trouble === 'STUCK_FINISHING'),
  );
  return step ?? 'CALL_A_PERSON';
}
