import { describe, expect, it } from 'vitest';
import { nameText, settingsText, type SettingRow } from './settings.js';

const row = (over: Partial<SettingRow> = {}): SettingRow => ({
  component: null,
  componentInstance: null,
  evseNumber: null,
  connectorNumber: null,
  variable: 'HeartbeatInterval',
  instance: null,
  value: '300',
  access: 'READ_WRITE',
  unit: null,
  wanted: null,
  ...over,
});
const wanted = {
  value: '60',
  secret: false,
  source: 'OPERATOR',
  outcome: 'REJECTED',
  status: 'Rejected',
  standing: 'REFUSED',
};

describe('settings on the command line', () => {
  it.each<[Partial<SettingRow>, string]>([
    [{}, 'HeartbeatInterval'],
    [{ component: 'OCPPCommCtrlr' }, 'OCPPCommCtrlr.HeartbeatInterval'],
    [{ component: 'Connector', evseNumber: 1, connectorNumber: 2 }, 'Connector(1.2).HeartbeatInterval'],
    [
      { component: 'C', componentInstance: 'a', evseNumber: 0, instance: 'b' },
      'C[a](0).HeartbeatInterval[b]',
    ],
  ])('%j is named %s', (over, name) => {
    expect(nameText(row(over))).toBe(name);
  });

  it('show what is wanted beside what is, and no secrets', () => {
    const text = settingsText(
      [
        row({ unit: 's', wanted }),
        row({ value: null, wanted: { ...wanted, value: null, secret: true, standing: 'IN_STEP' } }),
        row({ wanted: { ...wanted, source: 'DEFAULT', standing: 'IN_STEP' } }),
      ],
      false,
    );
    expect(text.split('\n').slice(2)).toEqual([
      'HeartbeatInterval  300 s  read write  60            refused: REJECTED Rejected',
      'HeartbeatInterval  -      read write  (secret)      in step',
      'HeartbeatInterval  300    read write  60 (default)  in step',
    ]);
  });

  it('say so when there are none', () => {
    expect(settingsText([], true)).toBe('all settings are as wanted');
    expect(settingsText([], false)).toBe('no settings are known');
  });
});
