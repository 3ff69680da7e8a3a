/**
 * Settings of a station: what we want, what it says, and whether they agree. Of a write that was accepted nothing is read back
 * (Q16: some models hang or reboot at it), so an accepted value counts until the station reports another one.
 */
import { sameSettingValue, type SettingName, type WriteOutcome } from '@kilowatch/ocpp';

/** PENDING: not told yet. OFFLINE: could not be told, waits for the station. */
export type SettingOutcome = WriteOutcome | 'PENDING' | 'OFFLINE';

/** DEFAULT: what every station of the tenant gets; an operator's wish replaces it. */
export type SettingSource = 'OPERATOR' | 'DEFAULT';

export interface WantedSetting {
  readonly key: string;
  readonly name: SettingName;
  /** Null: a secret that the station has and we forgot. */
  readonly value: string | null;
  readonly secret: boolean;
  readonly source: SettingSource;
  readonly outcome: SettingOutcome;
  readonly outcomeAt: Date | null;
  /** Firmware that answered: another one may answer otherwise. */
  readonly firmware: string;
  /** Writes since the value was wanted. */
  readonly attempts: number;
  readonly actual: ActualSetting | null;
}

export interface ActualSetting {
  /** Null: cannot be read. */
  readonly value: string | null;
  readonly readOnly: boolean;
  /** False: the station says it has no such setting. */
  readonly known: boolean;
  readonly reportedAt: Date;
}

export interface StationMoment {
  readonly bootAt: Date | null;
  readonly firmware: string;
}

/** REFUSED: the station will not. UNSUPPORTED: it has no such setting, so there is nothing to agree on. */
export type Standing = 'IN_STEP' | 'PENDING' | 'DRIFTED' | 'REFUSED' | 'UNSUPPORTED';

export function standingOf(wanted: WantedSetting, { bootAt }: StationMoment): Standing {
  const { outcome, outcomeAt, source, actual } = wanted;
  const agrees = agreement(wanted);
  switch (outcome) {
    case 'PENDING':
    case 'OFFLINE':
      return source === 'DEFAULT' && agrees === true ? 'IN_STEP' : 'PENDING';
    case 'NOT_SUPPORTED':
      return 'UNSUPPORTED';
    case 'REJECTED':
      return agrees === true ? 'IN_STEP' : 'REFUSED';
    case 'REBOOT_REQUIRED':
      if (agrees !== true && !isAfter(bootAt, outcomeAt)) return 'PENDING';
      // What was reported before the reboot says nothing about what came of it.
      return isAfter(actual?.reportedAt ?? null, bootAt) && agrees === false ? 'DRIFTED' : 'IN_STEP';
    case 'ACCEPTED':
      return isAfter(actual?.reportedAt ?? null, outcomeAt) && agrees === false ? 'DRIFTED' : 'IN_STEP';
  }
}

/** Counts towards the drift of a station: it is not as somebody wants it. */
export function isDrift(standing: Standing): boolean {
  return standing === 'PENDING' || standing === 'DRIFTED' || standing === 'REFUSED';
}

/** Null when nobody can tell. */
function agreement({ value, secret, actual }: WantedSetting): boolean | null {
  if (secret || value === null || actual === null || actual.value === null || !actual.known) return null;
  return sameSettingValue(value, actual.value);
}

function isAfter(at: Date | null, than: Date | null): boolean {
  return at !== null && (than === null || at.getTime() > than.getTime());
}
