/** What an anomaly means, in one sentence for an operator or a driver. */
import type { AnomalyKind } from './watch.js';

type Evidence = Readonly<Record<string, number | string>>;

export function explain(kind: AnomalyKind, cause: string, evidence: Evidence): string {
  switch (kind) {
    case 'ZERO_ENERGY':
      return cause === 'ENDED_WITHOUT_ENERGY'
        ? `The session lasted ${minutes(evidence['sessionSeconds'])} and delivered only ${evidence['energyWh']} Wh.`
        : `The session has been charging for ${minutes(evidence['chargingSeconds'])} and delivered only ${evidence['energyWh']} Wh.`;
    case 'POWER_DROP':
      return `Power fell from ${kilowatts(evidence['levelW'])} to ${kilowatts(evidence['powerW'])}; neither the car's state nor a limit explains it.`;
    case 'INTERRUPTION':
      return interruption(cause, evidence);
    case 'NO_READINGS':
      return `The charger says it is charging and has sent no reading for ${minutes(evidence['seconds'])}. Check which meter it is set to.`;
  }
}

function interruption(cause: string, evidence: Evidence): string {
  switch (cause) {
    case 'CONNECTOR_FAULT':
      return 'The connector reported a fault while the session ran.';
    case 'STOPPED_BY_FAULT':
      return `The charger ended the session with ${evidence['stopReason']}.`;
    case 'UNPLUGGED':
      return `The plug was pulled while ${kilowatts(evidence['powerW'])} flowed.`;
    default:
      return `No power for ${minutes(evidence['seconds'])} although the charger says it is charging.`;
  }
}

function minutes(seconds: number | string | undefined): string {
  const whole = Math.max(1, Math.round(Number(seconds ?? 0) / 60));
  return whole === 1 ? '1 minute' : `${whole} minutes`;
}

function kilowatts(watts: number | string | undefined): string {
  return `${(Number(watts ?? 0) / 1000).toFixed(1)} kW`;
}
