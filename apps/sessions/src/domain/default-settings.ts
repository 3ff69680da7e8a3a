/**
 * What every accepted station is set to, unless an operator wants something else for it. The values of 2.0.1's retry back-off
 * spread a fleet that lost its connection at once (docs/ocpp-notes.md section 2, 3).
 */
import {
  isJsonObject,
  STANDARD_SETTINGS,
  standardSetting,
  type SettingName,
  type StandardSetting,
} from '@kilowatch/ocpp';

/** By setting; null takes a setting out. */
export type DefaultValues = Readonly<Partial<Record<StandardSetting, string | null>>>;

/** By tenant; `*` holds for all of them, what a tenant says goes before. */
export type DefaultsByTenant = Readonly<Record<string, DefaultValues>>;

export interface DefaultSetting {
  readonly name: SettingName;
  readonly value: string;
}

const MEASURANDS = 'Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC';

export const USUAL_DEFAULTS: DefaultValues = {
  webSocketPingInterval: '60',
  sampleInterval: '60',
  sampledMeasurands: MEASURANDS,
  startMeasurands: 'Energy.Active.Import.Register',
  endMeasurands: 'Energy.Active.Import.Register',
  retryWaitMinimum: '10',
  retryRandomRange: '30',
  retryRepeatTimes: '5',
};

export function defaultSettings(
  { tenant, is16, heartbeatSeconds }: { tenant: string; is16: boolean; heartbeatSeconds: number },
  configured: DefaultsByTenant,
): DefaultSetting[] {
  const values: DefaultValues = {
    heartbeatInterval: String(heartbeatSeconds),
    ...USUAL_DEFAULTS,
    ...configured['*'],
    ...configured[tenant],
  };
  const settings = Object.keys(STANDARD_SETTINGS) as StandardSetting[];
  return settings.flatMap((setting) => {
    const value = values[setting];
    const name = standardSetting(setting, is16);
    return name === null || value === null || value === undefined ? [] : [{ name, value }];
  });
}

/**
 * A list that a station refused as a whole, without its last and least important word: many AC stations take no list with SoC.
 * Undefined when there is nothing left to leave out.
 */
export function shorterList(value: string): string | undefined {
  const end = value.lastIndexOf(',');
  return end > 0 ? value.slice(0, end) : undefined;
}

/** The value is the default, or what was left of it. */
export function comesFrom(value: string, configured: string): boolean {
  return value === configured || configured.startsWith(`${value},`);
}

/** Undefined when the text is not `{"<tenant or *>": {"<setting>": "<value>" | null}}` with settings that exist. */
export function parseDefaults(text: string): DefaultsByTenant | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(parsed)) return undefined;
  const valid = Object.values(parsed).every(
    (values) =>
      isJsonObject(values) &&
      Object.entries(values).every(
        ([setting, value]) =>
          Object.hasOwn(STANDARD_SETTINGS, setting) && (value === null || typeof value === 'string'),
      ),
  );
  return valid ? (parsed as DefaultsByTenant) : undefined;
}
