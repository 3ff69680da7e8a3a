/**
 * What to write to a station so that it becomes as wanted: never a setting that it says can only be read, never more often than
 * MOST_ATTEMPTS for one wish, and what a firmware refused again only to another firmware.
 */
import { isKey16, type SettingWrite } from '@kilowatch/ocpp';
import {
  standingOf,
  type SettingOutcome,
  type SettingSource,
  type StationMoment,
  type WantedSetting,
} from './station-settings.js';

export const MOST_ATTEMPTS = 5;
/** Until the station has said how many it takes; the specification requires no number. */
export const USUAL_ITEMS = 5;

export interface PlannedWrite extends SettingWrite {
  readonly key: string;
  readonly source: SettingSource;
  readonly secret: boolean;
}

export interface Verdict {
  readonly key: string;
  readonly outcome: SettingOutcome;
  readonly status: string;
}

export interface SettingsPlan {
  /** Each is one command: one key of 1.6, or as many variables as the station takes. */
  readonly batches: readonly (readonly PlannedWrite[])[];
  /** What is settled without asking the station. */
  readonly settled: readonly Verdict[];
}

export interface PlanContext extends StationMoment {
  /** Version of the present connection: wishes in the words of the other generation wait. */
  readonly is16: boolean;
  readonly itemsPerMessage: number;
}

export function planSettings(wanted: readonly WantedSetting[], context: PlanContext): SettingsPlan {
  // What somebody asked for goes before what everybody gets: the person waits.
  const ours = wanted
    .filter(({ name }) => isKey16(name) === context.is16)
    .toSorted((a, b) => Number(a.source === 'DEFAULT') - Number(b.source === 'DEFAULT'));
  const settled = ours.flatMap((setting) => verdictOf(setting, context) ?? []);
  const done = new Set(settled.map(({ key }) => key));
  const writes = ours.flatMap((setting) =>
    !done.has(setting.key) && isToBeWritten(setting, context) ? [writeOf(setting)] : [],
  );
  const size = context.is16 ? 1 : Math.max(1, context.itemsPerMessage);
  const batches = Array.from({ length: Math.ceil(writes.length / size) }, (_, i) =>
    writes.slice(i * size, (i + 1) * size),
  );
  return { batches, settled };
}

function verdictOf(setting: WantedSetting, context: PlanContext): Verdict | undefined {
  const { key, outcome, source, actual } = setting;
  if (outcome !== 'PENDING' && outcome !== 'OFFLINE') return undefined;
  if (actual?.readOnly && standingOf(setting, context) !== 'IN_STEP')
    return { key, outcome: 'REJECTED', status: 'ReadOnly' };
  if (source === 'OPERATOR') return undefined;
  if (actual && !actual.known) return { key, outcome: 'NOT_SUPPORTED', status: 'Unknown' };
  return standingOf(setting, context) === 'IN_STEP'
    ? { key, outcome: 'ACCEPTED', status: 'Reported' }
    : undefined;
}

function isToBeWritten(setting: WantedSetting, context: PlanContext): boolean {
  if (setting.value === null || setting.actual?.readOnly || setting.attempts >= MOST_ATTEMPTS) return false;
  switch (standingOf(setting, context)) {
    case 'PENDING':
      return setting.outcome !== 'REBOOT_REQUIRED';
    case 'DRIFTED':
      return true;
    case 'REFUSED':
    case 'UNSUPPORTED':
      return setting.firmware !== context.firmware;
    case 'IN_STEP':
      return false;
  }
}

function writeOf({ key, name, value, source, secret }: WantedSetting): PlannedWrite {
  return { key, name, value: value ?? '', source, secret };
}
