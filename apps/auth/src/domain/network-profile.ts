/**
 * Network profiles of OCPP 2.1 stations (B09, B10): each slot has its own address, profile and password, and the first of
 * NetworkConfigurationPriority is used after a boot. A password goes into a slot beside the one in use, so that a station that does not
 * get through with it comes back with the old one (A01, S5). What a slot holds is the component NetworkConfiguration[slot].
 */
import {
  settingKey,
  STATION_WIDE,
  variableName,
  type ReportedSetting,
  type SettingName,
} from '@kilowatch/ocpp';
import { freeSlot } from './security-upgrade.js';

export const PRIORITY = variableName('OCPPCommCtrlr', 'NetworkConfigurationPriority');

const COPIED = [
  'OcppCsmsUrl',
  'OcppInterface',
  'OcppTransport',
  'MessageTimeout',
  'SecurityProfile',
] as const;
/** With secrets that nobody can read back: such a profile cannot be copied. */
const WITH_SECRETS = ['ApnEnabled', 'VpnEnabled'] as const;

export interface Slots {
  readonly active: number;
  readonly free: number;
  /** As the station has it. */
  readonly priority: string;
}

/** Undefined: the station has no such list, or it is not to be written. */
export function slotsOf(setting: ReportedSetting | undefined): Slots | undefined {
  if (!setting?.known || setting.mutability === 'ReadOnly') return undefined;
  const priority = (setting.value ?? '').trim();
  const slots = priority
    .split(',')
    .filter((one) => one.trim() !== '')
    .map(Number);
  const [active] = slots;
  if (active === undefined || !slots.every(Number.isInteger)) return undefined;
  return { active, free: freeSlot(slots), priority };
}

/** What has to be read of the slot in use. */
export function profileNames({ active }: Slots): SettingName[] {
  return [...COPIED, ...WITH_SECRETS].map((variable) => nameIn(active, variable));
}

/** The profile in use with another password, for SetNetworkProfile. Undefined: not all of it can be read. */
export function withPassword(
  { active }: Slots,
  settings: readonly ReportedSetting[],
  password: string,
): Readonly<Record<string, string | number>> | undefined {
  const held = new Map(settings.filter(({ known }) => known).map((one) => [settingKey(one.name), one.value]));
  const valueOf = (variable: string) => held.get(settingKey(nameIn(active, variable)));
  if (WITH_SECRETS.some((variable) => valueOf(variable)?.toLowerCase() === 'true')) return undefined;
  const [ocppCsmsUrl, ocppInterface, ocppTransport, timeout, profile] = COPIED.map(valueOf);
  const messageTimeout = Number(timeout);
  const securityProfile = Number(profile);
  if (!ocppCsmsUrl || !ocppInterface || !ocppTransport || !timeout || !profile) return undefined;
  if (!Number.isInteger(messageTimeout) || !Number.isInteger(securityProfile)) return undefined;
  return {
    ocppCsmsUrl,
    ocppInterface,
    ocppTransport,
    messageTimeout,
    securityProfile,
    basicAuthPassword: password,
  };
}

/** The slot first, then what was there. */
export function priorityWith(slot: number, priority: string): string {
  const others = priority
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== String(slot));
  return [String(slot), ...others].join(',');
}

function nameIn(slot: number, variable: string): SettingName {
  return { ...STATION_WIDE, component: 'NetworkConfiguration', componentInstance: String(slot), variable };
}
