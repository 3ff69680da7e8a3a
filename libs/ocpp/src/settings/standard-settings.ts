// Settings that both generations have under other names (1.6 section 9, 2.0.1 part 2 appendix 3), and those of 2.x that say
// how a station comes back after a loss of connection (docs/ocpp-notes.md section 2, 3).

import { key16, variableName, type SettingName } from './setting-name.js';

export const STANDARD_SETTINGS = {
  heartbeatInterval: {
    key: 'HeartbeatInterval',
    variable: variableName('OCPPCommCtrlr', 'HeartbeatInterval'),
  },
  webSocketPingInterval: {
    key: 'WebSocketPingInterval',
    variable: variableName('OCPPCommCtrlr', 'WebSocketPingInterval'),
  },
  sampleInterval: {
    key: 'MeterValueSampleInterval',
    variable: variableName('SampledDataCtrlr', 'TxUpdatedInterval'),
  },
  sampledMeasurands: {
    key: 'MeterValuesSampledData',
    variable: variableName('SampledDataCtrlr', 'TxUpdatedMeasurands'),
  },
  startMeasurands: { key: null, variable: variableName('SampledDataCtrlr', 'TxStartedMeasurands') },
  endMeasurands: { key: null, variable: variableName('SampledDataCtrlr', 'TxEndedMeasurands') },
  retryWaitMinimum: { key: null, variable: variableName('OCPPCommCtrlr', 'RetryBackOffWaitMinimum') },
  retryRandomRange: { key: null, variable: variableName('OCPPCommCtrlr', 'RetryBackOffRandomRange') },
  retryRepeatTimes: { key: null, variable: variableName('OCPPCommCtrlr', 'RetryBackOffRepeatTimes') },
} as const;

export type StandardSetting = keyof typeof STANDARD_SETTINGS;

/** Null: the version has no such setting. */
export function standardSetting(setting: StandardSetting, is16: boolean): SettingName | null {
  const { key, variable } = STANDARD_SETTINGS[setting];
  if (!is16) return variable;
  return key === null ? null : key16(key);
}

/** A variable for a 1.6 key that somebody named to a 2.x station, when there is one that means the same. */
export function variableOfKey(key: string): SettingName | null {
  const wanted = key.toLowerCase();
  const found = Object.values(STANDARD_SETTINGS).find((setting) => setting.key?.toLowerCase() === wanted);
  return found?.variable ?? null;
}
