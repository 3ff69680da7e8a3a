/**
 * Helping a connector that misbehaves without a session (docs/ocpp-notes.md Q47): one step at a time, each once, from what disturbs
 * nobody to what might, and then a person. Nothing is done while somebody charges, while the station is away, or to a connector
 * that an operator took out of service.
 */
import {
  nextRecovery,
  PATIENCE_MS,
  troubleOf,
  type RecoveryStep,
  type StatusChange,
  type Trouble,
} from './connector-trouble.js';

/** TRYING: steps are left. PERSON: none helped. RECOVERED: it is well again. DROPPED: somebody charges, or took it out of service. */
export type RecoveryState = 'TRYING' | 'PERSON' | 'RECOVERED' | 'DROPPED';

export interface RecoveryAttempt {
  readonly step: RecoveryStep;
  readonly at: Date;
  /** Absent while it is under way, or was when the process died. */
  readonly outcome?: string;
}

export interface Recovery {
  readonly trouble: Trouble;
  readonly state: RecoveryState;
  readonly tries: readonly RecoveryAttempt[];
}

export interface ConnectorView {
  readonly online: boolean;
  readonly inService: boolean;
  /** A session is open on its EVSE, or was within the time that is looked at. */
  readonly busy: boolean;
  readonly changes: readonly StatusChange[];
}

export type RecoveryMove =
  | { readonly kind: 'END'; readonly state: 'RECOVERED' | 'DROPPED' }
  | { readonly kind: 'TRY'; readonly step: RecoveryStep }
  /** It was taken out of service and not brought back: that comes first. */
  | { readonly kind: 'BRING_BACK' }
  | { readonly kind: 'WAIT'; readonly state: 'TRYING' | 'PERSON'; readonly ms: number };

const LOOK_AGAIN_MS = 10 * 60_000;
/** A connector that was helped, or could not be, is left alone for so long: nothing is restarted all day. */
export const REST_MS = 6 * 3_600_000;

export function recoveryMove(
  { trouble, tries, state }: Recovery,
  connector: ConnectorView,
  now: Date,
): RecoveryMove {
  const { online, inService, busy, changes } = connector;
  const last = tries.at(-1);
  const cut = last?.step === 'AVAILABILITY_CYCLE' && last.outcome === undefined;
  // Whatever has become of it meanwhile: we do not leave it out of service.
  if (cut && online && inService) return { kind: 'BRING_BACK' };
  if (busy || !inService) return { kind: 'END', state: 'DROPPED' };
  if (troubleOf(changes, now.getTime()) !== trouble) return { kind: 'END', state: 'RECOVERED' };
  if (!online || state === 'PERSON') return { kind: 'WAIT', state: asWaiting(state), ms: LOOK_AGAIN_MS };
  const done = tries.map(({ step, at }) => ({ step, at: at.getTime() }));
  const step = nextRecovery(trouble, done, now.getTime());
  if (step === undefined) return { kind: 'WAIT', state: 'TRYING', ms: PATIENCE_MS };
  return step === 'CALL_A_PERSON'
    ? { kind: 'WAIT', state: 'PERSON', ms: LOOK_AGAIN_MS }
    : { kind: 'TRY', step };
}

function asWaiting(state: RecoveryState): 'TRYING' | 'PERSON' {
  return state === 'PERSON' ? 'PERSON' : 'TRYING';
}
