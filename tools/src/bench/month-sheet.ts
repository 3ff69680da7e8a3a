/**
 * What the sessions of a month cost, as a spreadsheet would have it: a row for each stretch of the clock, whole numbers, nothing of
 * the pricing engine. It knows the one tariff below and the rules as they are written down in docs/ocpi-notes.md (P1 to P6).
 */
import { MONTH_ZONE, type MonthSession } from './month-sessions.js';

const GRACE_MINUTES = 30;

/** Dear on weekdays from 7 to 23, cheap otherwise; a fee to start, idle by the quarter, a least price. */
export const MONTH_TARIFF = {
  id: 'month',
  name: 'The month',
  currency: 'EUR',
  isDefault: true,
  idleGraceMinutes: GRACE_MINUTES,
  definition: {
    elements: [
      { price_components: [{ type: 'FLAT', price: '0.35', vat: '20', step_size: 1 }] },
      {
        price_components: [{ type: 'ENERGY', price: '0.4499', vat: '20', step_size: 100 }],
        restrictions: {
          start_time: '07:00',
          end_time: '23:00',
          day_of_week: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
        },
      },
      { price_components: [{ type: 'ENERGY', price: '0.3199', vat: '20', step_size: 100 }] },
      { price_components: [{ type: 'PARKING_TIME', price: '2.40', vat: '20', step_size: 900 }] },
    ],
    min_price: { excl_vat: 1, incl_vat: 1.2 },
  },
} as const;

/** In units of 10^-10 EUR: a milliwatt-hour at 0.0001 EUR a kWh. */
const CENT = 100_000_000n;
const DEAR = 4_499n;
const CHEAP = 3_199n;
const STEP_MWH = 100_000n;
/** A quarter at 2.40 an hour. */
const QUARTER = 60n * CENT;

export interface SheetRow {
  readonly excl: bigint;
  readonly incl: bigint;
}

/** Cents, before and after VAT. */
export function sheetRow(session: MonthSession): SheetRow {
  let [dear, cheap, lastIsDear] = [0n, 0n, false];
  for (const [index, { at: to, wh }] of session.readings.slice(1).entries()) {
    const { at: from, wh: before } = session.readings[index]!;
    const energy = BigInt(wh - before) * 1000n;
    let given = 0n;
    for (const [until, isDear] of stretches(from, to)) {
      const upTo = halfUp(energy * BigInt(until - from), BigInt(to - from));
      const part = upTo - given;
      given = upTo;
      if (part > 0n) lastIsDear = isDear;
      if (isDear) dear += part;
      else cheap += part;
    }
  }
  const surplus = (STEP_MWH - ((dear + cheap) % STEP_MWH)) % STEP_MWH;
  if (lastIsDear) dear += surplus;
  else cheap += surplus;
  const idleMs = Math.max(0, session.end - (session.full + GRACE_MINUTES * 60_000));
  const quarters = session.full < session.end ? BigInt(Math.ceil(idleMs / 900_000)) : 0n;
  const exact = 35n * CENT + dear * DEAR + cheap * CHEAP + quarters * QUARTER;
  // VAT of 20 %: six fifths, in fifths of a unit.
  const most = (a: bigint, b: bigint) => (a > b ? a : b);
  return { excl: most(halfUp(exact, CENT), 100n), incl: most(halfUp(exact * 6n, CENT * 5n), 120n) };
}

function halfUp(value: bigint, by: bigint): bigint {
  return (value * 2n + by) / (by * 2n);
}

/** Where in a stretch of time the price changes: on full hours of the zone, which are full hours of UTC. */
function* stretches(from: number, to: number): Generator<[until: number, isDear: boolean]> {
  for (let at = from; at < to;) {
    const next = Math.min(to, (Math.floor(at / 3_600_000) + 1) * 3_600_000);
    yield [next, isDearAt(at)];
    at = next;
  }
}

const hours = new Map<number, boolean>();
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: MONTH_ZONE, weekday: 'short', hour: '2-digit' });

function isDearAt(at: number): boolean {
  const hour = Math.floor(at / 3_600_000);
  let known = hours.get(hour);
  if (known === undefined) {
    const part = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
    const shown = Number(part.get('hour'));
    known = !['Sat', 'Sun'].includes(part.get('weekday') ?? '') && shown >= 7 && shown < 23;
    hours.set(hour, known);
  }
  return known;
}
