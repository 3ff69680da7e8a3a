/** All detectors over one transaction: one incident per kind, opened and closed as the verdicts change. */
import { interruption } from './interruption.js';
import { noReadings } from './no-readings.js';
import { powerDrop } from './power-drop.js';
import { ANOMALY_KINDS, energySoFar, type AnomalyKind, type DetectorState, type Surroundings, type Suspicion, type Verdict } from './watch.js'; // prettier-ignore
import { ZERO_ENERGY_MWH, zeroEnergy } from './zero-energy.js';

export type Finding =
  | ({ readonly type: 'DETECTED'; readonly kind: AnomalyKind } & Suspicion)
  | { readonly type: 'RESOLVED'; readonly kind: AnomalyKind; readonly at: number }
  /** For the first time energy has come out: what was wrong with this EVSE before is over. */
  | { readonly type: 'DELIVERED'; readonly at: number };

const DETECTORS: Readonly<Record<AnomalyKind, (state: DetectorState, around: Surroundings) => Verdict>> = {
  ZERO_ENERGY: zeroEnergy,
  POWER_DROP: powerDrop,
  INTERRUPTION: interruption,
  NO_READINGS: noReadings,
};

/** Changes `state` in place. Nothing is found before the session is known: the conditions last, so nothing is missed. */
export function detect(state: DetectorState, around: Surroundings): Finding[] {
  if (!around.facts) return [];
  const findings: Finding[] = [];
  for (const kind of ANOMALY_KINDS) {
    const verdict = DETECTORS[kind](state, around);
    if (!verdict) continue;
    const incident = state.incidents[kind];
    if ('wrong' in verdict && !incident?.open) {
      const { onset, cause } = verdict.wrong;
      // An ended session is judged more than once, and only once found wrong.
      if (incident && !around.facts.active && incident.onset === onset) continue;
      state.incidents = { ...state.incidents, [kind]: { onset, cause, open: true } };
      findings.push({ type: 'DETECTED', kind, ...verdict.wrong });
    } else if ('overSince' in verdict && incident?.open) {
      state.incidents = { ...state.incidents, [kind]: { ...incident, open: false } };
      findings.push({ type: 'RESOLVED', kind, at: Math.max(verdict.overSince, incident.onset) });
    }
  }
  if (
    !state.delivered &&
    state.at !== undefined &&
    around.facts.active &&
    energySoFar(state) >= ZERO_ENERGY_MWH
  ) {
    state.delivered = true;
    findings.push({ type: 'DELIVERED', at: state.at });
  }
  return findings;
}
