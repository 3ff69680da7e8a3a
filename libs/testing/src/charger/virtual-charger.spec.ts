import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aVehicle } from '../builders/vehicle.js';
import { waitFor } from '../wait-for.js';
import type { Payload } from './ocpp-socket.js';
import { SeededRandom } from './seeded-random.js';
import { SimulatedTime } from './simulated-time.js';
import { TinyCsms } from './tiny-csms.js';
import { VirtualCharger, type VirtualChargerOptions } from './virtual-charger.js';

// Real: a websocket on loopback. Device time runs an hour per second.
let csms: TinyCsms;
const chargers: VirtualCharger[] = [];
const START = new Date('2026-03-01T20:00:00Z');

const aCharger = (over: Partial<VirtualChargerOptions> = {}) => {
  const charger = new VirtualCharger({
    url: csms.url,
    identity: 'CP 1',
    password: 'secret-password',
    version: '2.0.1',
    registerMwh: 1_234_567_891,
    random: new SeededRandom(7),
    time: new SimulatedTime({ start: START, speed: 36_000 }),
    retry: { waitMs: 5 },
    backOff: { minimumMs: 5, randomMs: 5, maximumMs: 50 },
    answerTimeoutMs: 500,
    ...over,
  });
  chargers.push(charger);
  return charger;
};
const events = () => csms.of('TransactionEvent').map(({ payload }) => payload);
const registerOf = (payload: Payload): number => {
  const [value] = payload.meterValue as { sampledValue: { value: number }[] }[];
  return Math.round((value?.sampledValue[0]?.value ?? Number.NaN) * 1_000);
};

beforeEach(async () => void (csms = await TinyCsms.start()));
afterEach(async () => {
  await Promise.all(chargers.splice(0).map((charger) => charger.shutdown()));
  await csms.stop();
});

describe('a virtual charger connecting', () => {
  it('names itself in the path, offers its version and sends its password', async () => {
    await aCharger().start();
    const authorization = `Basic ${Buffer.from('CP 1:secret-password').toString('base64')}`;
    expect(csms.upgrades).toEqual([{ identity: 'CP 1', protocols: 'ocpp2.0.1', authorization }]);
  });

  it('sends nothing but BootNotification until it is accepted', async () => {
    let boots = 0;
    csms.react = ({ action }) =>
      action === 'BootNotification' && ++boots === 1 ? { status: 'Pending', interval: 1 } : undefined;
    const charger = aCharger();
    charger.plugIn();
    charger.begin('TAG');
    await charger.start();
    await charger.settled();
    expect(csms.received.map(({ action }) => action).slice(0, 4)).toEqual([
      'BootNotification',
      'BootNotification',
      'StatusNotification',
      'TransactionEvent',
    ]);
  });

  it('backs off while the upgrade is refused and comes back', async () => {
    csms.refuseUpgrades = true;
    const charger = aCharger();
    const online = charger.start();
    await waitFor('three refusals', () => charger.connectFailures.length >= 3);
    csms.refuseUpgrades = false;
    await online;
    expect(charger.connectFailures[0]).toContain('503');
    expect(charger.connectCount).toBe(1);
  });
});

describe.each(['1.6', '2.0.1'] as const)('a %s session', (version) => {
  it('charges 40 kWh in seconds, with device times a minute apart and books that match what was sent', async () => {
    const charger = aCharger({ version });
    await charger.start();
    const entry = await charger.charge({
      token: 'TAG',
      vehicle: aVehicle({ socPercent: 10 }),
      energyWh: 40_000,
    });
    await charger.settled();
    if (!entry) throw new Error('refused');

    const unit = version === '1.6' ? 1_000 : 1;
    expect(entry.beginMwh).toBe(Math.floor(1_234_567_891 / unit) * unit);
    expect(entry.energyMwh).toBeGreaterThanOrEqual(40_000_000);
    expect(entry.energyMwh).toBeLessThan(40_200_000);
    expect((entry.endMwh ?? 0) - entry.beginMwh).toBe(entry.energyMwh);
    expect(entry).toMatchObject({ startAcknowledged: true, endAcknowledged: true, lostMessages: [] });
    expect(entry.acknowledgedMwh).toBe(entry.endMwh);

    const meterValues = csms.received.filter(
      ({ payload }) => payload.meterValue && payload.eventType !== 'Started' && payload.eventType !== 'Ended',
    );
    expect(meterValues).toHaveLength(entry.acknowledgedReadings);
    const times = meterValues.map(({ payload }) =>
      Date.parse((payload.meterValue as { timestamp: string }[])[0]?.timestamp ?? ''),
    );
    times.forEach((time, index) => expect(time).toBe(entry.startedAt.getTime() + (index + 1) * 60_000));
    const [first] = meterValues[0]?.payload.meterValue as { sampledValue: unknown[] }[];
    expect(first?.sampledValue).toHaveLength(9);
  });

  it('ends the transaction when the start is answered with a blocked token', async () => {
    const blocked = {
      transactionId: 77,
      idTagInfo: { status: 'Blocked' },
      idTokenInfo: { status: 'Blocked' },
    };
    csms.react = ({ action, payload }) =>
      action === 'StartTransaction' || payload.eventType === 'Started' ? blocked : undefined;
    const charger = aCharger({ version });
    await charger.start();
    const entry = await charger.charge({ token: 'TAG' });
    await charger.settled();
    expect(entry).toMatchObject({ stopReason: 'DeAuthorized', endAcknowledged: true });
  });

  it('does not start when the token is refused beforehand', async () => {
    csms.react = ({ action }) =>
      action === 'Authorize'
        ? { idTagInfo: { status: 'Invalid' }, idTokenInfo: { status: 'Invalid' } }
        : undefined;
    const charger = aCharger({ version });
    await charger.start();
    expect(await charger.charge({ token: 'TAG' })).toBeUndefined();
    expect(charger.ledger).toEqual([]);
  });

  it('keeps its messages while offline and replays them in order', async () => {
    const charger = aCharger({ version });
    await charger.start();
    await charger.goOffline();
    const entry = await charger.charge({ token: 'TAG', durationMs: 600_000 });
    expect(entry).toMatchObject({ acknowledgedMessages: 0, startAcknowledged: false });
    expect(charger.queuedMessages).toBeGreaterThanOrEqual(12);
    await charger.start();
    await charger.settled();
    expect(entry).toMatchObject({
      startAcknowledged: true,
      endAcknowledged: true,
      acknowledgedReadings: 10,
      lostMessages: [],
    });
    if (version === '2.0.1') {
      expect(events().every(({ offline }) => offline === true)).toBe(true);
      expect(events().map(({ seqNo }) => seqNo)).toEqual(events().map((_, index) => index));
    } else {
      const transactions = csms.of('MeterValues').concat(csms.of('StopTransaction'));
      expect(new Set(transactions.map(({ payload }) => payload.transactionId))).toEqual(new Set([1000]));
    }
  });
});

describe('a virtual charger with a queue in disorder', () => {
  it('tells what piled up in the order it was given, each message once', async () => {
    const charger = aCharger({ reorder: (waiting) => waiting.toReversed() });
    await charger.start();
    await charger.goOffline();
    charger.plugIn();
    charger.begin('TAG');
    charger.end(1);
    const waiting = charger.queuedMessages;
    await charger.start();
    await charger.settled();
    const types = events().map(({ eventType }) => eventType);
    expect([types[0], types.at(-1), types.length]).toEqual(['Ended', 'Started', waiting]);
  });
});

describe('transaction messages in trouble', () => {
  it.each(['callerror', 'silence'] as const)(
    'retries after %s under a new message id, same content',
    async (trouble) => {
      let failures = 0;
      csms.react = ({ payload }) => (payload.eventType === 'Ended' && ++failures <= 2 ? trouble : undefined);
      const charger = aCharger({ answerTimeoutMs: 60 });
      await charger.start();
      const entry = await charger.charge({ token: 'TAG', durationMs: 60_000 });
      await charger.settled();
      const ended = csms.of('TransactionEvent').filter(({ payload }) => payload.eventType === 'Ended');
      expect(new Set(ended.map(({ id }) => id)).size).toBe(3);
      expect(new Set(ended.map(({ payload }) => JSON.stringify(payload))).size).toBe(1);
      expect(entry).toMatchObject({ endAcknowledged: true, lostMessages: [] });
    },
  );

  it('gives up after three attempts and counts the loss', async () => {
    csms.react = ({ payload }) => (payload.eventType === 'Ended' ? 'callerror' : undefined);
    const charger = aCharger();
    await charger.start();
    const entry = await charger.charge({ token: 'TAG', durationMs: 60_000 });
    await charger.settled();
    expect(events().filter(({ eventType }) => eventType === 'Ended')).toHaveLength(3);
    expect(entry?.endAcknowledged).toBe(false);
    expect(entry?.lostMessages).toMatchObject([
      { action: 'TransactionEvent', error: expect.stringContaining('InternalError') },
    ]);
  });

  it('stops a 1.6 transaction with id -1 when its start was lost', async () => {
    csms.react = ({ action }) => (action === 'StartTransaction' ? 'callerror' : undefined);
    const charger = aCharger({ version: '1.6' });
    await charger.start();
    await charger.charge({ token: 'TAG', durationMs: 60_000 });
    await charger.settled();
    expect(csms.of('StopTransaction')[0]?.payload.transactionId).toBe(-1);
    expect(csms.of('MeterValues')[0]?.payload).not.toHaveProperty('transactionId');
  });

  it('loses nothing when the connection is cut before an answer, however often', async () => {
    let calls = 0;
    csms.react = ({ payload }) => (payload.eventType && ++calls % 3 === 0 ? 'cut' : undefined);
    const charger = aCharger();
    await charger.start();
    const entry = await charger.charge({ token: 'TAG', authorize: false, durationMs: 600_000 });
    await charger.settled();
    const bySeqNo = new Map(events().map((payload) => [payload.seqNo, payload]));
    expect(bySeqNo.size).toBe(entry?.acknowledgedMessages);
    expect(events().length).toBeGreaterThan(bySeqNo.size);
    const ordered = [...bySeqNo.values()];
    expect(ordered.map(({ seqNo }) => seqNo)).toEqual(ordered.map((_, index) => index));
    const [started, ended] = [ordered[0], ordered.at(-1)];
    if (!started || !ended) throw new Error('no events');
    expect(registerOf(ended) - registerOf(started)).toBe(entry?.energyMwh);
    expect(charger.connectCount).toBeGreaterThan(3);
  });
});
