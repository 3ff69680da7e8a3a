import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.js';
import { commandOutcome } from './command-outcome.js';

describe('commandOutcome', () => {
  it.each<[string, JsonObject, boolean, string]>([
    ['RemoteStartTransaction', { status: 'Accepted' }, true, 'Accepted'],
    ['RequestStartTransaction', { status: 'Rejected' }, false, 'Rejected'],
    ['UnlockConnector', { status: 'Unlocked' }, true, 'Unlocked'],
    ['UnlockConnector', { status: 'UnlockFailed' }, false, 'UnlockFailed'],
    ['UnlockConnector', { status: 'NotSupported' }, false, 'NotSupported'],
    ['ChangeConfiguration', { status: 'RebootRequired' }, true, 'RebootRequired'],
    ['ClearChargingProfile', { status: 'Unknown' }, false, 'Unknown'],
    ['ReserveNow', { status: 'Occupied' }, false, 'Occupied'],
    ['TriggerMessage', { status: 'NotImplemented' }, false, 'NotImplemented'],
    ['GetLog', { status: 'AcceptedCanceled', filename: 'a' }, true, 'AcceptedCanceled'],
    ['GetConfiguration', { configurationKey: [] }, true, 'Accepted'],
    ['GetLocalListVersion', { listVersion: 0 }, true, 'Accepted'],
    ['UpdateFirmware', {}, true, 'Accepted'],
    ['SetVariables', { setVariableResult: [{ attributeStatus: 'Accepted' }] }, true, 'Accepted'],
    [
      'SetVariables',
      { setVariableResult: [{ attributeStatus: 'RebootRequired' }, { attributeStatus: 'Rejected' }] },
      false,
      'Rejected',
    ],
    [
      'SetVariableMonitoring',
      { setMonitoringResult: [{ status: 'UnknownVariable' }] },
      false,
      'UnknownVariable',
    ],
    ['ClearVariableMonitoring', { clearMonitoringResult: [{ status: 'Accepted', id: 1 }] }, true, 'Accepted'],
    [
      'ClearTariffs',
      { clearTariffsResult: [{ status: 'NoTariff' }, { status: 'Accepted' }] },
      true,
      'Accepted',
    ],
    ['ClearTariffs', { clearTariffsResult: [{ status: 'NoTariff' }] }, true, 'Accepted'],
    [
      'ClearTariffs',
      { clearTariffsResult: [{ status: 'NoTariff' }, { status: 'Rejected' }] },
      false,
      'Rejected',
    ],
    ['FooBar', { status: 'Whatever' }, false, 'Whatever'],
  ])('%s %j: accepted %s', (action, response, accepted, status) => {
    expect(commandOutcome(action, response)).toMatchObject({ accepted, status });
  });

  it.each(['ChangeAvailability', 'Reset'])('Q49: %s that is scheduled for later is a success', (action) => {
    expect(commandOutcome(action, { status: 'Scheduled' })).toEqual({
      accepted: true,
      status: 'Scheduled',
      isTold: true,
    });
  });

  it.each<[string, JsonObject, boolean]>([
    ['Reset', { status: 'Rejected' }, true],
    ['Reset', { status: '' }, false],
    ['Reset', {}, false],
    ['ClearTariffs', {}, false],
    ['SetVariables', { setVariableResult: [] }, false],
    ['SetVariables', { setVariableResult: [{ attributeStatus: 'Rejected' }] }, true],
    ['GetVariables', {}, true],
  ])('%s %j has a word for it: %s', (action, response, isTold) => {
    expect(commandOutcome(action, response).isTold).toBe(isTold);
  });
});
