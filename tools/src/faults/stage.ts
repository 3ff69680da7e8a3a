import { setTimeout as pause } from 'node:timers/promises';
import {
  SeededRandom,
  SimulatedTime,
  VirtualCharger,
  aVehicle,
  waitFor,
  type Frame,
  type LedgerEntry,
  type VirtualChargerOptions,
} from '@kilowatch/testing';
import { DEMO_STATION_PASSWORD } from '../seed/demo-data.js';
import { signInDemo, type SeededDemo } from '../seed/seed-demo.js';
import { quietSystem } from '../system/quiet-system.js';
import type { System } from '../system/start-system.js';
import type { SystemOptions } from '../system/system-options.js';
import type { PromiseCode } from './fault.js';
import { provisionFleet } from './provision-fleet.js';
import { WireWatch } from './wire-watch.js';

export interface StageOptions {
  readonly system: System;
  readonly people: SeededDemo;
  readonly seed: number;
  /** Gets what a fault says about itself, a line at a time. */
  readonly print: (line: string) => void;
  /** Outages of some seconds instead of a minute. */
  readonly quick: boolean;
}

export interface Member {
  readonly charger: VirtualCharger;
  readonly token: string;
  readonly wire: WireWatch;
  readonly version: '1.6' | '2.0.1';
}

interface Place {
  readonly identity: string;
  readonly token: string;
  readonly version: '1.6' | '2.0.1';
  readonly registerMwh?: number;
}

/** `onFrame` sees each frame after the stage has. */
export type FleetSettings = Partial<Omit<VirtualChargerOptions, 'onFrame'>> & {
  readonly speed?: number;
  readonly onFrame?: (member: Member, direction: 'sent' | 'received', frame: Frame) => void;
};

/** A service that ended by itself stays away, so that it is seen; late readings are not waited for long. */
export const FAULT_SYSTEM: Partial<SystemOptions> = {
  environment: 'test',
  restart: false,
  lateWindowSeconds: 3,
};

/** Device seconds per second: with a sample a minute, each charger sends one reading a second. */
const SPEED = 60;
/** Chargers' clocks begin so far back that no run comes near the present. */
const AGO_MS = 30 * 24 * 3_600_000;
/** Device time between two faults. */
const GAP_MS = 600_000;
/** When a car was full is not what a fault is judged by: a charger tells it once and keeps no copy. */
const NEVER_FULL = aVehicle({ batteryWh: 10_000_000 });
const READINGS_BEFORE = 3;
const CHARGING_WITHIN_MS = 120_000;
const PACE = 10;
const PACE_MS = 250;

/**
 * Where faults are played: a system, its people, the chargers that were ever part of it, and what was found about the promises.
 * The chargers of a fault stay in the ledger of those that follow on the same system.
 */
export class Stage {
  readonly system: System;
  people: SeededDemo;
  readonly quick: boolean;
  readonly random: SeededRandom;
  /** All chargers so far. */
  readonly members: Member[] = [];
  /** How many the fault that is being played is to take. */
  chargers = 2;
  /** Sentences about each promise, for the fault that is being played. */
  judge: (promise: PromiseCode, problems: readonly string[]) => void = () => undefined;
  private readonly print: (line: string) => void;
  private fleets = 0;
  /** Stations of chargers that were switched off. */
  private free: Place[] = [];
  private readonly released = new Set<VirtualCharger>();
  private latest = new Date(Date.now() - AGO_MS);

  constructor(options: StageOptions) {
    this.system = options.system;
    this.people = options.people;
    this.quick = options.quick;
    this.print = options.print;
    this.random = new SeededRandom(options.seed);
  }

  say(line: string): void {
    this.print(`  ${line}`);
  }

  /**
   * Chargers that are not started yet, half of them 1.6 and half 2.0.1, each with a card. Stations of former faults are used
   * again, at a later device time and with the register where it was.
   */
  async fleet(count = this.chargers, settings: FleetSettings = {}): Promise<Member[]> {
    const { speed = SPEED, onFrame, ...over } = settings;
    await this.prepare(count);
    const places = this.free.splice(0, count);
    const time = new SimulatedTime({ start: new Date(this.latest.getTime() + GAP_MS), speed });
    const fleet = places.map(({ identity, token, version, registerMwh }): Member => {
      const wire = new WireWatch(identity);
      const charger = new VirtualCharger({
        url: this.system.ocppUrl,
        identity,
        password: DEMO_STATION_PASSWORD,
        version,
        ...(registerMwh === undefined ? {} : { registerMwh }),
        meterIntervalMs: 60_000,
        time,
        random: this.random.fork(),
        retry: { waitMs: 500 },
        backOff: { minimumMs: 500, randomMs: 1_000, maximumMs: 4_000 },
        answerTimeoutMs: 15_000,
        ...over,
        onFrame: (direction, frame) => {
          wire.note(direction, frame);
          onFrame?.(member, direction, frame);
        },
      });
      const member: Member = { charger, token, wire, version };
      return member;
    });
    this.members.push(...fleet);
    return fleet;
  }

  /** Starts a fleet and brings each car to charge; resolves when some readings of each are acknowledged. */
  async charging(fleet: readonly Member[]): Promise<LedgerEntry[]> {
    await startAbreast(fleet);
    return this.beginAll(fleet);
  }

  /** Begins a session on each charger, which is online. */
  async beginAll(fleet: readonly Member[]): Promise<LedgerEntry[]> {
    const running: LedgerEntry[] = [];
    await this.paced(fleet, (some) => running.push(...this.plugAll(some)));
    await this.readings(running, READINGS_BEFORE, CHARGING_WITHIN_MS);
    return running;
  }

  /** Resolves when so many more readings of each session are acknowledged. */
  async readings(running: readonly LedgerEntry[], more: number, timeoutMs = 60_000): Promise<void> {
    const wanted = running.map((entry) => entry.acknowledgedReadings + more);
    const all = () => running.every((entry, index) => entry.acknowledgedReadings >= (wanted[index] ?? 0));
    await waitFor(`${more} readings of each session`, all, { timeoutMs });
  }

  /** Forty chargers a second: drivers do not come and go in the same instant. */
  async paced(fleet: readonly Member[], work: (some: readonly Member[]) => void): Promise<void> {
    for (let from = 0; from < fleet.length; from += PACE) {
      work(fleet.slice(from, from + PACE));
      await pause(PACE_MS);
    }
  }

  /** Plugs in and begins, without waiting for anything: chargers may be offline. */
  plugAll(fleet: readonly Member[]): LedgerEntry[] {
    return fleet.map(({ charger, token }) => {
      charger.plugIn(1, NEVER_FULL);
      return charger.begin(token, 1);
    });
  }

  /** Resolves when the chargers have an answer to everything they sent. */
  async delivered(timeoutMs = 60_000): Promise<void> {
    const none = () => this.members.every(({ charger }) => charger.queuedMessages === 0);
    await waitFor('the chargers to be rid of their messages', none, { timeoutMs });
  }

  async outboxesEmpty(timeoutMs = 60_000): Promise<void> {
    await quietSystem(this.system.addresses.databaseUrl, timeoutMs);
  }

  /** New tokens for everybody: the old ones are of a time that the services' clocks left. */
  async signInAgain(): Promise<void> {
    const before = this.people;
    this.people = await signInDemo(this.system.graphqlUrl);
    await Promise.all(Object.values(before).map((client) => client.close()));
  }

  endAll(fleet: readonly Member[]): void {
    for (const { charger } of fleet) {
      charger.end(1);
      charger.unplug(1);
    }
  }

  ledger(): LedgerEntry[] {
    return this.members.flatMap(({ charger }) => charger.ledger);
  }

  /** The chargers of the faults played so far are switched off; their ledgers stay. */
  async release(): Promise<void> {
    const working = this.members.filter(({ charger }) => !this.released.has(charger));
    await Promise.all(working.map(({ charger }) => charger.shutdown()));
    for (const { charger, token, version } of working) {
      this.released.add(charger);
      const { time, identity, evses } = charger;
      if (time.now() > this.latest) this.latest = time.now();
      const registerMwh = evses[0]?.meter.registerMwh;
      this.free.push({ identity, token, version, ...(registerMwh === undefined ? {} : { registerMwh }) });
    }
  }

  async close(): Promise<void> {
    await this.release();
    for (const client of Object.values(this.people)) await client.close();
  }

  /** So many stations and cards are there, half of them 1.6 and half 2.0.1. */
  async prepare(count: number): Promise<void> {
    const missing = count - this.free.length;
    if (missing <= 0) return;
    this.fleets += 1;
    const made = await provisionFleet(this.people.operator, `F${this.fleets}`, missing);
    this.free.push(
      ...made.map((place, index): Place => ({ ...place, version: index % 2 === 0 ? '1.6' : '2.0.1' })),
    );
  }
}

/** Some handshakes at a time: a storm is a fault of its own. */
export async function startAbreast(fleet: readonly Member[], abreast = 20): Promise<void> {
  const waiting = [...fleet];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next.charger.start();
  };
  await Promise.all(Array.from({ length: abreast }, worker));
}
