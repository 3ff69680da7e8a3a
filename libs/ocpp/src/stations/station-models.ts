// The models we know something about, by what their BootNotification says. Each row names where it was seen; what a row does
// not say is by the specification. A new row needs no code.

import type { ModelRecord } from './station-model.js';

export const STATION_MODELS: readonly ModelRecord[] = [
  {
    name: 'ABB Terra AC',
    vendor: 'ABB',
    model: 'CDT_TAC',
    seen: 'lbbrhzn/ocpp#1275, lbbrhzn/ocpp#1737, evcc#15493',
    is: {
      profiles: { highestStackLevel: 0 },
      unsafeToRead: ['MeterValuesSampledData', 'MeterValuesAlignedData', 'StopTxnSampledData'],
    },
  },
  {
    name: 'EVBox Elvi',
    vendor: 'EV-BOX',
    model: 'E',
    seen: 'evcc#12823',
    is: { unsafeToRead: ['MeterValuesSampledData'] },
  },
  {
    name: 'go-eCharger',
    vendor: 'go-e',
    model: 'go-eCharger',
    seen: 'goecharger/go-eCharger-API-v2#155, goecharger/go-eCharger-API-v2#187',
    is: { profiles: { lowestStackLevel: 1, keepsLimitOnResume: false } },
  },
  {
    name: 'Wallbox',
    vendor: 'Wall Box Chargers',
    model: '',
    seen: 'lbbrhzn/ocpp#1245, evcc#15492, evcc#31597',
    is: { profiles: { units: ['A'], kinds: ['Relative'], confirmBySchedule: true } },
  },
  {
    name: 'ZJ Beny',
    vendor: 'ZJBENY',
    model: '',
    seen: 'lbbrhzn/ocpp#1078, mobilityhouse/ocpp#546',
    is: { repairsJson: true },
  },
  {
    name: 'AEFA Home',
    vendor: 'AEFA',
    model: 'Home',
    seen: 'lbbrhzn/ocpp#2032',
    is: { repairsJson: true },
  },
  {
    name: 'KEBA',
    vendor: 'Keba',
    model: '',
    seen: 'OCPP.Core, Real_life_Experiences_KEBA.md',
    is: { idTags: { suffixFrom: '_' } },
  },
  {
    name: 'Grizzl-E Smart',
    vendor: 'United Chargers',
    model: 'GRS',
    seen: 'lbbrhzn/ocpp#176, lbbrhzn/ocpp#442',
    is: { unsafeToRead: ['MeterValuesSampledData', 'WebSocketPingInterval'] },
  },
  {
    name: 'Ocular',
    vendor: 'Ocular',
    model: '',
    seen: 'documentation of lbbrhzn/ocpp',
    is: { setup: 'parts' },
  },
  {
    name: 'EN+',
    vendor: 'EN+',
    model: '',
    seen: 'documentation of lbbrhzn/ocpp',
    is: { setup: 'base' },
  },
  {
    name: 'EN+ AC7000',
    vendor: 'EN+',
    model: 'AC7000',
    seen: 'lbbrhzn/ocpp#211',
    is: { answersPings: false },
  },
];
