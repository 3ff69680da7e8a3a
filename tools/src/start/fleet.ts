import { aVehicle, Fleet, type VirtualCharger } from '@kilowatch/testing';
import { DEMO_STATION_PASSWORD, DEMO_STATIONS, DEMO_TOKENS } from '../seed/demo-data.js';

/** In real time: a clock that runs ahead of ours would be corrected, and these chargers live for days. */
const METER_INTERVAL_MS = 5_000;
const SESSION_MS = 15 * 60_000;
const PAUSE_MS = 20_000;

/** The stations of the demo as virtual chargers that keep charging one car after another until stopped. */
export class DemoFleet {
  private readonly fleet: Fleet;
  private stopped = false;

  constructor(ocppUrl: string) {
    this.fleet = new Fleet({
      seed: 7,
      base: { url: ocppUrl, meterIntervalMs: METER_INTERVAL_MS },
      tokens: DEMO_TOKENS.slice(0, 2).map((token) => token.value),
      members: DEMO_STATIONS.map((station) => ({
        identity: station.identity,
        password: DEMO_STATION_PASSWORD,
        version: station.protocol === 'ocpp1.6' ? '1.6' : '2.0.1',
      })),
    });
  }

  async start(): Promise<void> {
    await this.fleet.start();
    // Two cars charge all the time; the other stations wait for visitors.
    const [first, second] = this.fleet.chargers.slice(2, 4);
    if (first) void this.keepCharging(first, DEMO_TOKENS[0].value);
    if (second) void this.keepCharging(second, DEMO_TOKENS[1].value);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.fleet.shutdown();
  }

  private async keepCharging(charger: VirtualCharger, token: string): Promise<void> {
    while (!this.stopped) {
      await charger
        .charge({ token, durationMs: SESSION_MS, vehicle: aVehicle({ socPercent: 78 }) })
        .catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref());
    }
  }
}
