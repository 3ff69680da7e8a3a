import { ledgerTotals, type LedgerEntry, type LedgerTotals } from './ledger.js';
import { SeededRandom } from './seeded-random.js';
import type { SimulatedTime } from './simulated-time.js';
import { VirtualCharger, type VirtualChargerOptions } from './virtual-charger.js';

export interface FleetMember {
  identity: string;
  password?: string;
  version?: '1.6' | '2.0.1';
}

export interface FleetOptions {
  members: readonly FleetMember[];
  /** Applies to every charger. */
  base: Omit<VirtualChargerOptions, 'identity' | 'password' | 'version' | 'random' | 'time'>;
  time?: SimulatedTime;
  seed: number;
  /** Tokens drivers come with. */
  tokens: readonly string[];
}

/** Many chargers of one seed: the same seed draws the same vehicles, tokens and registers. */
export class Fleet {
  readonly chargers: VirtualCharger[];
  private readonly random: SeededRandom;

  constructor(private readonly options: FleetOptions) {
    this.random = new SeededRandom(options.seed);
    this.chargers = options.members.map(
      ({ identity, password, version }) =>
        new VirtualCharger({
          ...options.base,
          identity,
          version: version ?? '2.0.1',
          random: this.random.fork(),
          ...(password === undefined ? {} : { password }),
          ...(options.time ? { time: options.time } : {}),
        }),
    );
  }

  /** Starts all, at most `abreast` handshakes at a time; resolves when the last is accepted. */
  async start(abreast = 20): Promise<void> {
    const waiting = [...this.chargers];
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await next.start();
    };
    await Promise.all(Array.from({ length: abreast }, worker));
  }

  /** Each charger charges `sessions` vehicles, one after the other. */
  async chargeAll(sessions = 1): Promise<void> {
    const lanes = this.chargers.map((charger) => ({ charger, random: this.random.fork() }));
    await Promise.all(
      lanes.map(async ({ charger, random }) => {
        for (let session = 0; session < sessions; session += 1) await charger.charge(this.plan(random));
      }),
    );
  }

  /** Resolves when every charger's queue is empty. */
  async settled(): Promise<void> {
    await Promise.all(this.chargers.map((charger) => charger.settled()));
  }

  ledger(): LedgerEntry[] {
    return this.chargers.flatMap((charger) => charger.ledger);
  }

  totals(): LedgerTotals {
    return ledgerTotals(this.ledger());
  }

  async shutdown(): Promise<void> {
    await Promise.all(this.chargers.map((charger) => charger.shutdown()));
  }

  private plan(random: SeededRandom) {
    const batteryWh = random.integer(30, 90) * 1_000;
    const vehicle = {
      batteryWh,
      socPercent: random.integer(5, 60),
      maxPowerW: random.pick([7_400, 11_000, 22_000]),
    };
    return { token: random.pick(this.options.tokens), vehicle, energyWh: random.integer(5, 40) * 1_000 };
  }
}
