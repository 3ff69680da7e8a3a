import { Fleet, SimulatedTime, type VirtualCharger } from '@kilowatch/testing';
import { DEMO_STATION_PASSWORD, DEMO_STATIONS, DEMO_TOKENS } from '../seed/demo-data.js';

/** Faster than life, so that a visitor sees a session begin and end; two minutes of charging in ten seconds. */
const SPEED = 12;
const PAUSE_MS = 20_000;

/** The stations of the demo as virtual chargers that keep charging one car after another until stopped. */
export class DemoFleet {
  private readonly fleet: Fleet;
  private stopped = false;

  constructor(ocppUrl: string) {
    this.fleet = new Fleet({
      seed: 7,
      base: { url: ocppUrl, meterIntervalMs: 30_000 },
      time: new SimulatedTime({ speed: SPEED, start: new Date(Date.now() - 60 * 60_000) }),
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
      await charger.charge({ token, durationMs: 90 * 60_000 }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref());
    }
  }
}
