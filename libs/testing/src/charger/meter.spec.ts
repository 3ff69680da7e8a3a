import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aVehicle } from '../builders/vehicle.js';
import { ChargingMeter, wantedPowerW } from './meter.js';
import { SeededRandom } from './seeded-random.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const aMeter = (over: Partial<ConstructorParameters<typeof ChargingMeter>[0]> = {}) =>
  new ChargingMeter(
    { registerMwh: 5_000_000, maxPowerW: 11_000, minPowerW: 1_380, ...over },
    new SeededRandom(1),
  );
const unlimited = () => Infinity;

describe('wantedPowerW', () => {
  it('is constant up to 80 %, falls above, and is none when full', () => {
    const at = (socPercent: number) => wantedPowerW(aVehicle({ socPercent, maxPowerW: 10_000 }));
    expect([at(10), at(80), at(90), at(99.999), at(100)]).toEqual([10_000, 10_000, 5_250, 500, 0]);
  });
});

describe('ChargingMeter', () => {
  it('counts 11 kWh in an hour at 11 kW', () => {
    const meter = aMeter();
    meter.plugIn(aVehicle({ socPercent: 10 }));
    meter.closeContactor(new Date(START));
    meter.advance(new Date(START + 3_600_000), unlimited);
    expect(meter.registerMwh).toBe(5_000_000 + 11_000_000);
  });

  it('counts nothing before the contactor closes, after it opens, or without a vehicle', () => {
    const meter = aMeter();
    meter.closeContactor(new Date(START));
    meter.advance(new Date(START + 60_000), unlimited);
    meter.plugIn(aVehicle());
    meter.openContactor();
    meter.advance(new Date(START + 120_000), unlimited);
    expect(meter.registerMwh).toBe(5_000_000);
  });

  it('fills the battery and then stops', () => {
    const meter = aMeter();
    meter.plugIn(aVehicle({ socPercent: 70, batteryWh: 50_000 }));
    meter.closeContactor(new Date(START));
    meter.advance(new Date(START + 24 * 3_600_000), unlimited);
    expect(meter.socPercent).toBe(100);
    expect(meter.powerW).toBe(0);
    expect(meter.registerMwh - 5_000_000).toBeGreaterThanOrEqual(14_999_999);
    expect(meter.registerMwh - 5_000_000).toBeLessThan(15_020_000);
  });

  it('does not charge below the least power a vehicle takes', () => {
    const meter = aMeter();
    meter.plugIn(aVehicle());
    meter.closeContactor(new Date(START));
    meter.advance(new Date(START + 60_000), () => 1_000);
    expect([meter.registerMwh, meter.powerW]).toEqual([5_000_000, 0]);
  });

  it('loses no energy by being read often', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 }), (tenSeconds) => {
        const [often, once] = [aMeter(), aMeter()];
        let at = START;
        for (const meter of [often, once]) {
          meter.plugIn(aVehicle({ maxPowerW: 10_999 }));
          meter.closeContactor(new Date(START));
        }
        for (const step of tenSeconds) often.advance(new Date((at += step * 10_000)), unlimited);
        once.advance(new Date(at), unlimited);
        expect(often.registerMwh).toBe(once.registerMwh);
      }),
    );
  });

  it('shows currents that fit the power and voltages', () => {
    const meter = aMeter();
    meter.plugIn(aVehicle());
    meter.closeContactor(new Date(START));
    meter.advance(new Date(START + 60_000), unlimited);
    const sample = meter.sample(new Date(START + 60_000));
    const watts = sample.currentMa.reduce(
      (sum, ma, phase) => sum + (ma * (sample.voltageMv[phase] ?? 0)) / 1e6,
      0,
    );
    expect(Math.abs(watts - sample.powerW)).toBeLessThan(1);
  });
});
