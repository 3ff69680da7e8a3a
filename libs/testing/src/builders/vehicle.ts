import type { Vehicle } from '../charger/meter.js';

/** A mid-size car at 20 %, unless said otherwise. */
export function aVehicle(over: Partial<Vehicle> = {}): Vehicle {
  return { batteryWh: 60_000, socPercent: 20, maxPowerW: 11_000, ...over };
}
