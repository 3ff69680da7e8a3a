import { afterEach, beforeEach, expect, it } from 'vitest';
import { Fleet } from './fleet.js';
import { SimulatedTime } from './simulated-time.js';
import { TinyCsms } from './tiny-csms.js';

// Real: a websocket on loopback.
let csms: TinyCsms;
beforeEach(async () => void (csms = await TinyCsms.start()));
afterEach(() => csms.stop());

const run = async (seed: number) => {
  const members = Array.from({ length: 10 }, (_, index) => ({
    identity: `CP${index}`,
    version: index % 2 === 0 ? ('1.6' as const) : ('2.0.1' as const),
  }));
  const time = new SimulatedTime({ start: new Date('2026-02-01T00:00:00Z'), speed: 36_000 });
  const fleet = new Fleet({
    members,
    base: { url: csms.url, meterIntervalMs: 300_000 },
    time,
    seed,
    tokens: ['A', 'B'],
  });
  await fleet.start();
  await fleet.chargeAll(2);
  await fleet.settled();
  await fleet.shutdown();
  return fleet;
};

it('draws the same sessions and the same energy from the same seed', async () => {
  const [one, two, other] = [await run(11), await run(11), await run(12)];
  const energies = (fleet: Fleet) =>
    fleet.chargers.map(({ ledger }) => ledger.map(({ energyMwh, token }) => [energyMwh, token]));
  expect(energies(one)).toEqual(energies(two));
  expect(energies(one)).not.toEqual(energies(other));
  expect(one.totals()).toMatchObject({ transactions: 20, ended: 20, lostMessages: 0 });
});
