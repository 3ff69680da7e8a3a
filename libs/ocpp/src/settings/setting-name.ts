// One name for what 1.6 calls a configuration key and 2.x a variable of a component. A 1.6 key has no component. Both
// specifications compare without case (1.6 section 9, 2.0.1 ComponentType and VariableType), and chargers make use of it (Q15).

export interface SettingName {
  /** Empty for a 1.6 key. */
  readonly component: string;
  readonly componentInstance: string;
  readonly evseNumber: number | null;
  readonly connectorNumber: number | null;
  /** The key in 1.6. */
  readonly variable: string;
  readonly instance: string;
}

export const STATION_WIDE = {
  componentInstance: '',
  evseNumber: null,
  connectorNumber: null,
  instance: '',
} as const;

export function key16(key: string): SettingName {
  return { ...STATION_WIDE, component: '', variable: key.trim() };
}

export function variableName(component: string, variable: string, instance = ''): SettingName {
  return { ...STATION_WIDE, component, variable, instance };
}

export function isKey16(name: SettingName): boolean {
  return name.component === '';
}

/** Equal for names that mean the same; not for people. The database computes the same (sessions, migration 0003). */
export function settingKey(name: SettingName): string {
  const { component, componentInstance, evseNumber, connectorNumber, variable, instance } = name;
  return [component, componentInstance, evseNumber ?? -1, connectorNumber ?? -1, variable, instance]
    .join('|')
    .toLowerCase();
}

const SECRET = /password|authorizationkey|secret|credential|privatekey|apn|vpn/i;

/** Values that are written and never shown: what a station authenticates with. */
export function isSecretSetting({ component, variable }: SettingName): boolean {
  return SECRET.test(variable) || (SECRET.test(component) && /key|password|user/i.test(variable));
}
