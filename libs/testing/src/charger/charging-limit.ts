import { z } from 'zod';

const period = z.object({ startPeriod: z.number(), limit: z.number(), numberPhases: z.number().nullish() });
const schedule = z.object({
  duration: z.number().nullish(),
  startSchedule: z.string().nullish(),
  chargingRateUnit: z.enum(['A', 'W']),
  chargingSchedulePeriod: z.array(period).min(1),
});
/** What both versions have in common; 1.6 calls the id `chargingProfileId` and has one schedule, 2.0.1 a list. */
const profile = z.object({
  id: z.number().optional(),
  chargingProfileId: z.number().optional(),
  stackLevel: z.number(),
  chargingProfilePurpose: z.string(),
  chargingProfileKind: z.enum(['Absolute', 'Recurring', 'Relative', 'Dynamic']),
  recurrencyKind: z.enum(['Daily', 'Weekly']).nullish(),
  validFrom: z.string().nullish(),
  validTo: z.string().nullish(),
  transactionId: z.union([z.number(), z.string()]).nullish(),
  chargingSchedule: z.union([schedule, z.array(schedule).min(1)]),
});

type Schedule = z.infer<typeof schedule>;
export interface StoredProfile {
  evse: number;
  id: number;
  stackLevel: number;
  purpose: string;
  kind: string;
  recurrenceMs: number;
  validFrom: number;
  validTo: number;
  schedule: Schedule;
}

const VOLTS = 230;
const DAY_MS = 86_400_000;

/** The charging profiles a charger holds, and the power they allow at an instant. */
export class ChargingLimits {
  private profiles: StoredProfile[] = [];

  /** False: not a profile. A profile replaces the one with its id, and the one at its place in the stack. */
  set(evse: number, raw: unknown): boolean {
    const parsed = profile.safeParse(raw);
    if (!parsed.success) return false;
    const body = parsed.data;
    const first = Array.isArray(body.chargingSchedule) ? body.chargingSchedule[0] : body.chargingSchedule;
    if (!first) return false;
    const stored: StoredProfile = {
      evse,
      id: body.id ?? body.chargingProfileId ?? 0,
      stackLevel: body.stackLevel,
      purpose: body.chargingProfilePurpose,
      kind: body.chargingProfileKind,
      recurrenceMs: body.recurrencyKind === 'Weekly' ? 7 * DAY_MS : DAY_MS,
      validFrom: body.validFrom ? Date.parse(body.validFrom) : -Infinity,
      validTo: body.validTo ? Date.parse(body.validTo) : Infinity,
      schedule: first,
    };
    const same = (other: StoredProfile) =>
      other.id === stored.id ||
      (other.evse === evse && other.purpose === stored.purpose && other.stackLevel === stored.stackLevel);
    this.profiles = [...this.profiles.filter((other) => !same(other)), stored];
    return true;
  }

  /** Removes what matches every given criterion; returns how many went. */
  clear(criteria: { id?: number; evse?: number; purpose?: string; stackLevel?: number }): number {
    const before = this.profiles.length;
    this.profiles = this.profiles.filter(
      (held) =>
        !(
          (criteria.id === undefined || criteria.id === held.id) &&
          (criteria.evse === undefined || criteria.evse === held.evse) &&
          (criteria.purpose === undefined || criteria.purpose === held.purpose) &&
          (criteria.stackLevel === undefined || criteria.stackLevel === held.stackLevel)
        ),
    );
    return before - this.profiles.length;
  }

  /** Profiles of a transaction end with it. */
  endTransaction(evse: number): void {
    this.clear({ evse, purpose: 'TxProfile' });
  }

  held(): readonly StoredProfile[] {
    return this.profiles;
  }

  /** W for one EVSE: the transaction's profile, else the default, below its share of the whole station's limit. */
  limitW(evse: number, at: Date, transactionStart: Date, sharers = 1): number {
    const best = (purposes: string[]) => this.best(purposes, evse, at, transactionStart);
    const transaction = best(['TxProfile']) ?? best(['TxDefaultProfile']) ?? Infinity;
    const station = best(['ChargePointMaxProfile', 'ChargingStationMaxProfile']) ?? Infinity;
    return Math.min(transaction, station / Math.max(sharers, 1));
  }

  private best(purposes: string[], evse: number, at: Date, transactionStart: Date): number | undefined {
    return this.profiles
      .filter((held) => purposes.includes(held.purpose) && (held.evse === 0 || held.evse === evse))
      .sort((a, b) => b.stackLevel - a.stackLevel || b.evse - a.evse)
      .map((held) => scheduledW(held, at.getTime(), transactionStart.getTime()))
      .find((limit) => limit !== undefined);
  }
}

function scheduledW(held: StoredProfile, at: number, transactionStart: number): number | undefined {
  if (at < held.validFrom || at >= held.validTo) return undefined;
  const { duration, startSchedule, chargingRateUnit, chargingSchedulePeriod } = held.schedule;
  const start = held.kind === 'Relative' || !startSchedule ? transactionStart : Date.parse(startSchedule);
  const into = held.kind === 'Recurring' ? (at - start) % held.recurrenceMs : at - start;
  if (into < 0 || (duration && into >= duration * 1_000)) return undefined;
  const current = chargingSchedulePeriod.filter((entry) => entry.startPeriod * 1_000 <= into).at(-1);
  if (!current) return undefined;
  return chargingRateUnit === 'W' ? current.limit : current.limit * VOLTS * (current.numberPhases ?? 3);
}
