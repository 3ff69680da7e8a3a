/**
 * What a station gets after it came up, one step at a time (2.0.1 use cases B05 to B08, 1.6 sections 5.3 and 5.8): ask once per
 * firmware for all of its settings, look after each boot whether those we want are still as we want them, write what is not.
 * A station that never told what it is (Q23) is first asked to boot.
 */
import { isKey16, key16, unsafeSetting, type SettingName, type StationModel } from '@kilowatch/ocpp';
import type { Registration } from './registration.js';
import { planSettings, type PlanContext, type SettingsPlan } from './settings-plan.js';
import { isDrift, standingOf, type WantedSetting } from './station-settings.js';

export interface ProvisionState extends PlanContext {
  readonly online: boolean;
  readonly registration: Registration;
  /** False: only what operators asked for is done. */
  readonly automatic: boolean;
  readonly triggerBoot: boolean;
  /** Firmware that was asked for all its settings; null = none. */
  readonly readFirmware: string | null;
  /** When the wanted settings were last looked at. */
  readonly checkedAt: Date | null;
  readonly model: StationModel;
  /** Settings it answers for in one message. */
  readonly itemsPerRead: number;
  readonly wanted: readonly WantedSetting[];
}

export type ProvisionStep =
  | { readonly kind: 'TRIGGER_BOOT' }
  | { readonly kind: 'READ_ALL'; readonly only: readonly SettingName[] }
  | { readonly kind: 'READ'; readonly names: readonly SettingName[] }
  | ({ readonly kind: 'WRITE' } & SettingsPlan)
  /** waiting: there is something left for when the station is back. */
  | { readonly kind: 'REST'; readonly waiting: boolean };

/** A station that reboots in a loop is not read each time. */
const CHECK_AGAIN_MS = 10 * 60_000;

export function nextStep(state: ProvisionState, now: Date): ProvisionStep {
  const { online, automatic, triggerBoot, registration } = state;
  if (!online) return rest(state);
  if (triggerBoot) return { kind: 'TRIGGER_BOOT' };
  // B02, B03: nothing is set up before the station is accepted.
  if (registration !== 'ACCEPTED') return rest(state);
  if (automatic && state.readFirmware !== state.firmware) return { kind: 'READ_ALL', only: safeKeys(state) };
  const names = automatic ? namesToCheck(state, now) : [];
  if (names.length > 0) return { kind: 'READ', names };
  const plan = planSettings(state.wanted, state);
  if (plan.batches.length > 0 || plan.settled.length > 0) return { kind: 'WRITE', ...plan };
  return rest(state);
}

function rest(state: ProvisionState): ProvisionStep {
  const waiting = state.wanted.some((setting) => isDrift(standingOf(setting, state)));
  return { kind: 'REST', waiting: waiting || state.triggerBoot };
}

/** Wanted settings whose value may have been lost with the last boot. */
function namesToCheck(state: ProvisionState, now: Date): SettingName[] {
  const { bootAt, checkedAt, model, is16 } = state;
  if (bootAt === null || (checkedAt !== null && checkedAt.getTime() > bootAt.getTime())) return [];
  if (checkedAt !== null && now.getTime() - checkedAt.getTime() < CHECK_AGAIN_MS) return [];
  return state.wanted
    .filter(({ name, secret, outcome, actual }) => {
      if (secret || isKey16(name) !== is16 || outcome === 'NOT_SUPPORTED') return false;
      if (actual !== null && (actual.value === null || actual.reportedAt.getTime() >= bootAt.getTime()))
        return false;
      return isSafeToRead(name, model);
    })
    .map(({ name }) => name);
}

/** Q16: a model that may not be asked for everything is asked for what we want to know; empty = everything. */
function safeKeys({ is16, model, wanted }: ProvisionState): SettingName[] {
  if (!is16 || model.unsafeToRead.length === 0) return [];
  const names = [...TELLING_KEYS, ...wanted.filter(({ secret }) => !secret).map(({ name }) => name)];
  return names.filter((name) => isKey16(name) && isSafeToRead(name, model));
}

export function isSafeToRead(name: SettingName, model: StationModel): boolean {
  return unsafeSetting('GetConfiguration', { key: [name.variable] }, model) === null;
}

/** 1.6 keys that say what the station can do. */
export const TELLING_KEYS: readonly SettingName[] = [
  'ChargeProfileMaxStackLevel',
  'ChargingScheduleAllowedChargingRateUnit',
  'ChargingScheduleMaxPeriods',
  'GetConfigurationMaxKeys',
  'LocalAuthListMaxLength',
  'NumberOfConnectors',
  'SupportedFeatureProfiles',
].map(key16);
