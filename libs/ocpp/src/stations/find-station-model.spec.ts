import { describe, expect, it } from 'vitest';
import { findStationModel } from './find-station-model.js';
import { UNKNOWN_MODEL, type ModelRecord } from './station-model.js';
import { STATION_MODELS } from './station-models.js';

describe('what is known of a model', () => {
  it.each([
    ['ABB', 'CDT_TACW22::NET_WIFI', 'ABB Terra AC'],
    ['abb', 'cdt_tacw11::net_wifi', 'ABB Terra AC'],
    ['ABB', 'Terra 54', ''],
    ['go-e', 'go-eCharger_V4', 'go-eCharger'],
    ['ZJBENY', 'BCP-B2N-L', 'ZJ Beny'],
    ['Keba AG', 'KC-P30', 'KEBA'],
    ['EN+', 'AC007', 'EN+'],
    ['EN+', 'AC7000-AE-25', 'EN+ AC7000'],
    ['Enel X', 'JuiceBox', ''],
    ['', '', ''],
  ])('of %s %s is in the record "%s"', (vendor, model, name) => {
    expect(findStationModel(vendor, model).name).toBe(name);
  });

  it('is by the specification where nothing is recorded', () => {
    expect(findStationModel('Nobody', 'Knows')).toEqual(UNKNOWN_MODEL);
    const keba = findStationModel('KEBA', 'KC-P30');
    expect(keba).toEqual({
      ...UNKNOWN_MODEL,
      name: 'KEBA',
      idTags: { ...UNKNOWN_MODEL.idTags, suffixFrom: '_' },
    });
  });

  it('is refined by a later record of the same model, part by part', () => {
    const records: ModelRecord[] = [
      {
        name: 'All',
        vendor: 'V',
        model: '',
        seen: 'x',
        is: { profiles: { units: ['W'] }, repairsJson: true },
      },
      { name: 'One', vendor: 'V', model: 'M1', seen: 'x', is: { profiles: { decimals: 0 } } },
    ];
    expect(findStationModel('v', 'M1-b', records)).toMatchObject({
      name: 'One',
      repairsJson: true,
      profiles: { units: ['W'], decimals: 0 },
    });
    expect(findStationModel('v', 'M2', records).name).toBe('All');
  });

  it('names a source for each record, and none twice', () => {
    for (const { seen } of STATION_MODELS) expect(seen).not.toBe('');
    const keys = STATION_MODELS.map(({ vendor, model }) => `${vendor}|${model}`.toLowerCase());
    expect(new Set(keys).size).toBe(keys.length);
  });
});
