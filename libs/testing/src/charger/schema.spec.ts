import { OCPP16, OCPP20 } from 'typed-ocpp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../wait-for.js';
import type { Frame } from './ocpp-socket.js';
import { SeededRandom } from './seeded-random.js';
import { SimulatedTime } from './simulated-time.js';
import { TinyCsms } from './tiny-csms.js';
import { VirtualCharger } from './virtual-charger.js';

// Real: a websocket on loopback; the schemas of the Open Charge Alliance judge the frames.
let csms: TinyCsms;
beforeEach(async () => void (csms = await TinyCsms.start()));
afterEach(() => csms.stop());

it.each(['1.6', '2.0.1'] as const)('says nothing in %s that the schemas refuse', async (version) => {
  const calls = new Map<string, Frame>();
  const refused: unknown[] = [];
  const { validateCall } = version === '1.6' ? OCPP16 : OCPP20;
  const { validateCallResult } = version === '1.6' ? OCPP16 : OCPP20;
  const judge = (direction: string, frame: Frame) => {
    if (frame[0] === 2) calls.set(frame[1], frame);
    if (direction === 'received') return;
    const valid = frame[0] === 2 ? validateCall(frame as never) : validateCallResult(frame as never);
    if (!valid) refused.push(frame, validateCall.errors, validateCallResult.errors);
  };
  const charger = new VirtualCharger({
    url: csms.url,
    identity: 'CP1',
    version,
    random: new SeededRandom(5),
    time: new SimulatedTime({ speed: 36_000 }),
    backOff: { minimumMs: 5, randomMs: 5, maximumMs: 50 },
    onFrame: judge,
  });
  await charger.start();
  await charger.goOffline();
  await charger.charge({ token: 'TAG', durationMs: 120_000 });
  await charger.start();
  await charger.charge({ token: 'TAG', durationMs: 120_000 });
  await charger.settled();
  const start = { idTag: 'APP', idToken: { idToken: 'APP', type: 'Central' }, remoteStartId: 1 };
  await csms.command('CP1', version === '1.6' ? 'RemoteStartTransaction' : 'RequestStartTransaction', start);
  await waitFor('the remote start', () => charger.ledger.length === 3);
  await csms.command('CP1', 'TriggerMessage', { requestedMessage: 'Heartbeat' });
  if (version === '2.0.1')
    await csms.command('CP1', 'GetBaseReport', { requestId: 1, reportBase: 'FullInventory' });
  else await csms.command('CP1', 'GetConfiguration', {});
  await csms.command('CP1', 'Reset', { type: version === '1.6' ? 'Hard' : 'Immediate' });
  await waitFor('the second boot', () => csms.of('BootNotification').length === 2);
  await charger.settled();
  await charger.shutdown();
  expect(refused).toEqual([]);
  expect(calls.size).toBeGreaterThan(20);
});
