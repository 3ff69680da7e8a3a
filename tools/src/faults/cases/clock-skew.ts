import { SimulatedTime } from '@kilowatch/testing';
import { query } from '../deep-books.js';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import { startAbreast, type Member, type Stage } from '../stage.js';

const DAY_MS = 24 * 3_600_000;
const SPEED = 60;
/** Device time: three sampling intervals. */
const STEP_BACK_MS = 3 * 60_000;

/** A clock that is set back once, as by a charger that hears the right time. */
class SteppingTime extends SimulatedTime {
  private shiftMs = 0;

  override now(): Date {
    return new Date(super.now().getTime() + this.shiftMs);
  }

  stepBack(milliseconds: number): void {
    this.shiftMs -= milliseconds;
  }
}

interface Clock {
  readonly what: string;
  /** When its first session begins. */
  readonly startsAt: (now: number) => number;
  /** Which time a session counts as begun at: the charger's, or that of the receipt where the charger's cannot be. */
  readonly believed: boolean;
}

/** Minutes before the event: a session lasts some of them at this speed. */
const CLOCKS: readonly Clock[] = [
  { what: 'a day ahead', startsAt: (now) => now + DAY_MS, believed: false },
  { what: 'a day behind', startsAt: (now) => now - DAY_MS, believed: true },
  {
    what: 'the night that is an hour longer',
    startsAt: () => Date.parse('2025-10-26T00:58:00Z'),
    believed: true,
  },
  {
    what: 'the night that is an hour shorter',
    startsAt: () => Date.parse('2025-03-30T00:58:00Z'),
    believed: true,
  },
  { what: 'into the leap day', startsAt: () => Date.parse('2024-02-28T23:58:00Z'), believed: true },
  { what: 'out of the leap day', startsAt: () => Date.parse('2024-02-29T23:58:00Z'), believed: true },
  { what: 'set back while charging', startsAt: (now) => now - 3 * DAY_MS, believed: true },
];

/**
 * Fault 15: chargers whose clocks are wrong, or right in a night that clocks are wrong about. Energy goes by registers and the bill
 * by the time that is believed (Q18): a time in the future is that of the receipt.
 */
export const CLOCK_SKEW: Fault = {
  name: 'clock-skew',
  number: 15,
  what: `chargers a day ahead and behind, in the nights of the clock change, over the leap day, set back while charging (chargers: for each)`,
  promises: ['P1', 'P2', 'P3', 'P6'],
  chargers: 2,
  // Its own: those who come after the ones that are ahead would be in the past.
  system: {},
  async play(stage) {
    const fleets: { clock: Clock; fleet: Member[]; time: SteppingTime }[] = [];
    for (const clock of CLOCKS) {
      const time = new SteppingTime({ start: new Date(clock.startsAt(Date.now())), speed: SPEED });
      fleets.push({ clock, time, fleet: await stage.fleet(stage.chargers, { time }) });
    }
    const everybody = fleets.flatMap(({ fleet }) => fleet);
    const begunAt = Date.now();
    await startAbreast(everybody);
    // A 1.6 station that begins in the first minute of its connection is late by its clock, or off: the card that was just shown tells.
    await Promise.all(everybody.map(({ charger, token }) => charger.authorize(token)));
    const running = await stage.beginAll(everybody);
    fleets.at(-1)?.time.stepBack(STEP_BACK_MS);
    await stage.readings(running, 5);
    stage.endAll(everybody);
    await judgeBooks(stage);
    for (const one of fleets) {
      const problems = await wrongTimes(stage, one, begunAt);
      stage.say(
        `${one.clock.what}: ${problems.length === 0 ? 'dated as it should be' : problems.join('; ')}`,
      );
      stage.judge('P2', problems);
    }
  },
};

/** What a slow machine may add between the moment the first session could begin and the receipt of its message. */
const RECEIPT_SLACK_MS = 60_000;

/** Sessions that are not dated by the clock that is to be believed, or do not tell how wrong it was. */
async function wrongTimes(
  stage: Stage,
  { clock: { what, believed }, fleet }: { clock: Clock; fleet: readonly Member[] },
  begunAt: number,
): Promise<string[]> {
  const rows = await query<{ identity: string; started: Date; ended: Date; offset: number }>(
    stage.system.addresses.databaseUrl,
    `select st.identity, s.started_at as started, s.ended_at as ended, s.clock_offset_seconds as offset
       from sessions.session s join sessions.station st on st.tenant = s.tenant and st.id = s.station_id
      where st.identity = any($1)`,
    [fleet.map(({ charger }) => charger.identity)],
  );
  const problems = rows.flatMap(({ identity, started, ended, offset }) => {
    const told = fleet.find(({ charger }) => charger.identity === identity)!.charger.ledger[0]!.startedAt;
    // Its own time to the second; a receipt is some time after the beginning.
    const late = started.getTime() - (believed ? told.getTime() : begunAt);
    const dated = believed ? Math.abs(late) < 1_000 : late >= 0 && late < RECEIPT_SLACK_MS;
    const receivedAt = told.getTime() - offset * 1_000;
    const noted = receivedAt >= begunAt - 1_000 && receivedAt < begunAt + RECEIPT_SLACK_MS;
    return [
      ...(dated ? [] : [`${what}: ${identity} began ${started.toISOString()}, told ${told.toISOString()}`]),
      ...(noted ? [] : [`${what}: the clock of ${identity} counts as ${offset} s ahead`]),
      ...(ended >= started ? [] : [`${what}: ${identity} ended before it began`]),
    ];
  });
  return rows.length === fleet.length ? problems : [...problems, `${what}: ${rows.length} sessions`];
}
