import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../wait-for.js';
import type { Payload } from './ocpp-socket.js';
import { SeededRandom } from './seeded-random.js';
import { SimulatedTime } from './simulated-time.js';
import { TinyCsms } from './tiny-csms.js';
import { VirtualCharger, type VirtualChargerOptions } from './virtual-charger.js';

// Real: a websocket on loopback.
let csms: TinyCsms;
let charger: VirtualCharger;
const startCharger = async (over: Partial<VirtualChargerOptions>) => {
  charger = new VirtualCharger({
    url: csms.url,
    identity: 'CP1',
    version: '2.0.1',
    random: new SeededRandom(3),
    time: new SimulatedTime({ speed: 3_600 }),
    backOff: { minimumMs: 5, randomMs: 5, maximumMs: 50 },
    ...over,
  });
  await charger.start();
};
const send = async (action: string, payload: Payload) =>
  (await csms.command('CP1', action, payload))[2] as Payload;
const powers = () =>
  csms.received.flatMap(({ payload }) =>
    (
      (payload.meterValue ?? []) as { sampledValue: { measurand: string; value: string | number }[] }[]
    ).flatMap(({ sampledValue }) =>
      sampledValue
        .filter(({ measurand }) => measurand === 'Power.Active.Import')
        .map(({ value }) => Number(value)),
    ),
  );

beforeEach(async () => void (csms = await TinyCsms.start()));
afterEach(async () => {
  await charger.shutdown();
  await csms.stop();
});

const profile = (version: string, limit: number): Payload => {
  const schedule = { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] };
  const common = {
    stackLevel: 1,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
  };
  return version === '1.6'
    ? { connectorId: 1, csChargingProfiles: { chargingProfileId: 5, ...common, chargingSchedule: schedule } }
    : { evseId: 1, chargingProfile: { id: 5, ...common, chargingSchedule: [{ id: 1, ...schedule }] } };
};
const availability = (version: string, operative: boolean): Payload => {
  const word = operative ? 'Operative' : 'Inoperative';
  return version === '1.6' ? { connectorId: 1, type: word } : { evse: { id: 1 }, operationalStatus: word };
};
const lastStatus = () => {
  const payload = csms.of('StatusNotification').at(-1)?.payload;
  return payload?.status ?? payload?.connectorStatus;
};

describe.each(['1.6', '2.0.1'] as const)('a %s charger obeying', (version) => {
  it('starts and stops on request', async () => {
    await startCharger({ version });
    const start: [string, Payload] =
      version === '1.6'
        ? ['RemoteStartTransaction', { connectorId: 1, idTag: 'APP1' }]
        : [
            'RequestStartTransaction',
            { evseId: 1, remoteStartId: 42, idToken: { idToken: 'APP1', type: 'Central' } },
          ];
    expect(await send(...start)).toEqual({ status: 'Accepted' });
    const entry = await waitFor('the start', () =>
      charger.ledger.find(({ startAcknowledged }) => startAcknowledged),
    );
    expect(entry.token).toBe('APP1');
    expect(await send(...start)).toEqual({ status: 'Rejected' });
    const stop = version === '1.6' ? 'RemoteStopTransaction' : 'RequestStopTransaction';
    expect(await send(stop, { transactionId: entry.transactionId })).toEqual({ status: 'Accepted' });
    await charger.settled();
    expect(entry).toMatchObject({ stopReason: 'Remote', endAcknowledged: true });
    expect(await send(stop, { transactionId: entry.transactionId })).toEqual({ status: 'Rejected' });
    if (version === '2.0.1') {
      const [started] = csms.of('TransactionEvent');
      expect(started?.payload).toMatchObject({
        triggerReason: 'RemoteStart',
        transactionInfo: { remoteStartId: 42 },
      });
    }
  });

  it('keeps a remote start until the cable comes, when no vehicle is there', async () => {
    await startCharger({ version, vehicle: null });
    const idToken = { idToken: 'APP1', type: 'Central' };
    if (version === '1.6') await send('RemoteStartTransaction', { idTag: 'APP1' });
    else await send('RequestStartTransaction', { remoteStartId: 1, idToken });
    expect(charger.ledger).toEqual([]);
    charger.plugIn();
    expect(charger.ledger).toMatchObject([{ token: 'APP1' }]);
  });

  it('lowers its power to a profile, pauses at zero, and takes it back when the profile is cleared', async () => {
    await startCharger({ version });
    charger.plugIn();
    charger.begin('TAG');
    await waitFor('full power', () => powers().at(-1) === 11_000);
    expect(await send('SetChargingProfile', profile(version, 4_000))).toEqual({ status: 'Accepted' });
    await waitFor('the limit', () => powers().at(-1) === 4_000);
    await send('SetChargingProfile', profile(version, 0));
    await waitFor('the pause', () => powers().at(-1) === 0);
    expect(charger.evses[0]?.status).toBe('suspendedEvse');
    const clear = version === '1.6' ? { id: 5 } : { chargingProfileId: 5 };
    expect(await send('ClearChargingProfile', clear)).toEqual({ status: 'Accepted' });
    await waitFor('full power again', () => powers().at(-1) === 11_000);
    expect(await send('ClearChargingProfile', clear)).toEqual({ status: 'Unknown' });
  });

  it('goes out of service at once when free, and after the vehicle when busy', async () => {
    await startCharger({ version });
    expect(await send('ChangeAvailability', availability(version, false))).toEqual({ status: 'Accepted' });
    await waitFor('unavailable', () => lastStatus() === 'Unavailable');
    expect(await send('ChangeAvailability', availability(version, true))).toEqual({ status: 'Accepted' });
    charger.plugIn();
    charger.begin('TAG');
    expect(await send('ChangeAvailability', availability(version, false))).toEqual({ status: 'Scheduled' });
    charger.unplug();
    await waitFor('unavailable again', () => lastStatus() === 'Unavailable');
  });

  it('ends its transaction, reconnects and boots on a reset, and delivers the end afterwards', async () => {
    await startCharger({ version });
    charger.plugIn();
    const entry = charger.begin('TAG');
    expect(await send('Reset', { type: version === '1.6' ? 'Soft' : 'Immediate' })).toEqual({
      status: 'Accepted',
    });
    await waitFor('the second boot', () => csms.of('BootNotification').length === 2);
    await charger.settled();
    expect(entry).toMatchObject({ stopReason: 'Reset', endAcknowledged: true });
  });

  it('sends what is triggered and declines what it cannot send', async () => {
    await startCharger({ version });
    expect(await send('TriggerMessage', { requestedMessage: 'Heartbeat' })).toEqual({ status: 'Accepted' });
    await waitFor('the heartbeat', () => csms.of('Heartbeat').length === 1);
    const unknown = await send('TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' });
    expect(unknown).toEqual({ status: 'NotImplemented' });
  });

  it('answers an action it lacks with NotImplemented, and remembers every command', async () => {
    await startCharger({ version });
    const frame = await csms.command('CP1', 'MakeCoffee', { sugar: 2 });
    expect(frame.slice(0, 3)).toEqual([4, frame[1], 'NotImplemented']);
    expect(charger.commands).toMatchObject([
      { action: 'MakeCoffee', payload: { sugar: 2 }, answer: { error: 'NotImplemented' } },
    ]);
  });

  it('does not unlock a charging vehicle in 2.0.1, and ends the transaction first in 1.6', async () => {
    await startCharger({ version });
    charger.plugIn();
    const entry = charger.begin('TAG');
    const payload = version === '1.6' ? { connectorId: 1 } : { evseId: 1, connectorId: 1 };
    const { status } = await send('UnlockConnector', payload);
    expect([status, entry.stopReason]).toEqual(
      version === '1.6' ? ['Unlocked', 'UnlockCommand'] : ['OngoingAuthorizedTransaction', undefined],
    );
  });
});

describe('network profiles', () => {
  const profile = (url: string, more: Payload = {}): Payload => ({
    configurationSlot: 2,
    connectionData: {
      ...{ ocppVersion: 'OCPP20', ocppTransport: 'JSON', messageTimeout: 30, ocppInterface: 'Wired0' },
      ...{ ocppCsmsUrl: url, securityProfile: 1, ...more },
    },
  });
  const setPriority = async (value: string) => {
    const variable = { name: 'NetworkConfigurationPriority' };
    const data = { component: { name: 'OCPPCommCtrlr' }, variable, attributeValue: value };
    const { setVariableResult } = await send('SetVariables', { setVariableData: [data] });
    return (setVariableResult as { attributeStatus: string }[])[0]!.attributeStatus;
  };
  const basic = (password: string) => `Basic ${Buffer.from(`CP1:${password}`).toString('base64')}`;

  it('of 2.x count from the next boot on: another address, another password', async () => {
    const other = await TinyCsms.start();
    try {
      await startCharger({ password: 'the-old-password' });
      const accepted = { status: 'Accepted' };
      expect(await setPriority('2,1')).toBe('Rejected');
      const data = profile(other.url, { basicAuthPassword: 'the-new-password' });
      expect(await send('SetNetworkProfile', data)).toEqual(accepted);
      expect(await setPriority('2,1')).toBe('RebootRequired');
      csms.cut();
      await waitFor('a reconnect', () => csms.upgrades.length === 2);
      await charger.online();
      expect(csms.upgrades.map(({ authorization }) => authorization)).toEqual(
        Array.from({ length: 2 }, () => basic('the-old-password')),
      );
      expect(await send('Reset', { type: 'OnIdle' })).toEqual(accepted);
      await waitFor('the boot', () => other.of('BootNotification').length === 1);
      expect(other.upgrades.map(({ authorization }) => authorization)).toEqual([basic('the-new-password')]);
      // The slot in use is not written.
      expect((await other.command('CP1', 'SetNetworkProfile', data))[2]).toEqual({ status: 'Rejected' });
    } finally {
      await charger.shutdown();
      await other.stop();
    }
  });

  it('of 2.x are tried in their order: where nobody answers, it comes back', async () => {
    const gone = await TinyCsms.start();
    await gone.stop();
    await startCharger({ password: 'the-old-password' });
    await send('SetNetworkProfile', profile(gone.url));
    await setPriority('2,1');
    await send('Reset', { type: 'Immediate' });
    await waitFor('the second boot', () => csms.of('BootNotification').length === 2);
    expect(charger.connectFailures).toHaveLength(2);
    expect(csms.upgrades.at(-1)?.authorization).toBe(basic('the-old-password'));
  });

  it('are unknown to 1.6', async () => {
    await startCharger({ version: '1.6' });
    const frame = await csms.command('CP1', 'SetNetworkProfile', profile(csms.url));
    expect(frame[2]).toBe('NotImplemented');
  });
});

describe('configuration', () => {
  it('is read and changed by key in 1.6, and the sample interval takes effect', async () => {
    await startCharger({ version: '1.6' });
    expect(await send('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '30' })).toEqual({
      status: 'Accepted',
    });
    expect(await send('ChangeConfiguration', { key: 'Nonsense', value: '1' })).toEqual({
      status: 'NotSupported',
    });
    expect(await send('GetConfiguration', { key: ['MeterValueSampleInterval', 'Nonsense'] })).toEqual({
      configurationKey: [{ key: 'MeterValueSampleInterval', readonly: false, value: '30' }],
      unknownKey: ['Nonsense'],
    });
    expect(charger.meterIntervalMs).toBe(30_000);
  });

  it('is reported variable by variable in 2.0.1', async () => {
    await startCharger({ version: '2.0.1' });
    expect(await send('GetBaseReport', { requestId: 9, reportBase: 'FullInventory' })).toEqual({
      status: 'Accepted',
    });
    const size = charger.configuration.size;
    await waitFor('the whole report', () => csms.of('NotifyReport').length === size);
    const parts = csms.of('NotifyReport').map(({ payload }) => payload);
    expect(parts.map(({ seqNo }) => seqNo)).toEqual(parts.map((_, index) => index));
    expect(parts.map(({ tbc }) => tbc)).toEqual(parts.map((_, index) => index < size - 1));
  });

  it('answers per variable in 2.0.1', async () => {
    await startCharger({ version: '2.0.1' });
    const query = (variable: string) => ({
      component: { name: 'SampledDataCtrlr' },
      variable: { name: variable },
    });
    await send('SetVariables', {
      setVariableData: [{ ...query('TxUpdatedInterval'), attributeValue: '15' }],
    });
    const answer = await send('GetVariables', {
      getVariableData: [query('TxUpdatedInterval'), query('Nope')],
    });
    expect(answer.getVariableResult).toMatchObject([
      { attributeStatus: 'Accepted', attributeValue: '15' },
      { attributeStatus: 'UnknownVariable' },
    ]);
    expect(charger.meterIntervalMs).toBe(15_000);
  });
});
