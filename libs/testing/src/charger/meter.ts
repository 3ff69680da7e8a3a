import type { SeededRandom } from './seeded-random.js';

export interface Vehicle {
  batteryWh: number;
  /** 0-100. */
  socPercent: number;
  maxPowerW: number;
}

/** Integers in the units of the meter: mWh, W, mA, mV. */
export interface MeterSample {
  at: Date;
  registerMwh: number;
  powerW: number;
  currentMa: [number, number, number];
  voltageMv: [number, number, number];
  socPercent: number;
}

export interface MeterOptions {
  /** Lifetime register at the start. */
  registerMwh?: number;
  maxPowerW: number;
  /** Below this a vehicle does not charge at all (6 A). */
  minPowerW: number;
}

const STEP_MS = 10_000;
/** Above this state of charge the vehicle lowers its power linearly (constant voltage). */
const TAPER_FROM_SOC = 80;
const TAPER_END_SHARE = 0.05;

/** The power a vehicle asks for: constant up to 80 %, then falling, none when full. */
export function wantedPowerW(vehicle: Vehicle): number {
  if (vehicle.socPercent >= 100) return 0;
  if (vehicle.socPercent <= TAPER_FROM_SOC) return vehicle.maxPowerW;
  const into = (vehicle.socPercent - TAPER_FROM_SOC) / (100 - TAPER_FROM_SOC);
  return Math.round(vehicle.maxPowerW * (1 - into * (1 - TAPER_END_SHARE)));
}

/**
 * One EVSE's meter with the vehicle behind it. The register is an integer that only grows; what a step leaves
 * below one mWh is carried to the next, so that no energy is lost by sampling often.
 */
export class ChargingMeter {
  private register: number;
  /** W x ms, below one mWh. */
  private remainder = 0;
  private vehicle: Vehicle | undefined;
  private lastPowerW = 0;
  private lastMs: number | undefined;

  constructor(
    private readonly options: MeterOptions,
    private readonly random: SeededRandom,
  ) {
    this.register = options.registerMwh ?? 0;
  }

  get registerMwh(): number {
    return this.register;
  }

  get powerW(): number {
    return this.lastPowerW;
  }

  get socPercent(): number {
    return this.vehicle?.socPercent ?? 0;
  }

  plugIn(vehicle: Vehicle): void {
    this.vehicle = { ...vehicle };
  }

  unplug(): void {
    this.vehicle = undefined;
    this.lastPowerW = 0;
  }

  /** Contactor closed: energy flows from here on. */
  closeContactor(at: Date): void {
    this.lastMs = at.getTime();
  }

  openContactor(): void {
    this.lastMs = undefined;
    this.lastPowerW = 0;
  }

  /** Lets energy flow up to `to`; `limitW` says what is offered at an instant. Time never runs backwards. */
  advance(to: Date, limitW: (at: Date) => number): void {
    if (this.lastMs === undefined || !this.vehicle) return;
    while (this.lastMs < to.getTime()) {
      const from = this.lastMs;
      this.lastMs = Math.min(from + STEP_MS, to.getTime());
      this.lastPowerW = this.flow(limitW(new Date(from)));
      this.add(this.lastPowerW * (this.lastMs - from));
    }
    this.lastPowerW = this.flow(limitW(to));
  }

  sample(at: Date): MeterSample {
    const voltageMv = this.perPhase(() => 230_000 + this.random.integer(-2_000, 2_000));
    const perPhaseW = this.lastPowerW / 3;
    const currentMa = voltageMv.map((mv) => Math.round((perPhaseW * 1_000_000) / mv));
    return {
      at,
      registerMwh: this.register,
      powerW: this.lastPowerW,
      currentMa: currentMa as MeterSample['currentMa'],
      voltageMv,
      socPercent: Math.floor(this.socPercent),
    };
  }

  private flow(limitW: number): number {
    if (!this.vehicle) return 0;
    const power = Math.min(wantedPowerW(this.vehicle), this.options.maxPowerW, Math.floor(limitW));
    const tapering = this.vehicle.socPercent > TAPER_FROM_SOC;
    return power < this.options.minPowerW && !tapering ? 0 : Math.max(power, 0);
  }

  private add(wattMilliseconds: number): void {
    if (!this.vehicle) return;
    this.remainder += wattMilliseconds;
    const mwh = Math.floor(this.remainder / 3_600);
    this.remainder -= mwh * 3_600;
    this.register += mwh;
    const soc = this.vehicle.socPercent + mwh / 10 / this.vehicle.batteryWh;
    this.vehicle.socPercent = Math.min(100, soc);
  }

  private perPhase(value: () => number): [number, number, number] {
    return [value(), value(), value()];
  }
}
