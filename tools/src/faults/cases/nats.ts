import { CommandProbe } from '../command-probe.js';
import { query } from '../deep-books.js';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import type { Stage } from '../stage.js';

const AWAY_MS = 60_000;
const AWAY_QUICK_MS = 6_000;
/** Nobody listens, so nobody is waited for. */
const COMMAND_FAILS_WITHIN_S = 5;

/** Fault 3: NATS goes. Charging goes on and is stored, events wait in the outbox, commands fail at once. */
export const NATS_AWAY: readonly Fault[] = [
  {
    name: 'nats-restart',
    number: 3,
    what: 'NATS is restarted in good order',
    promises: ['P1', 'P2', 'P3', 'P6'],
    chargers: 50,
    async play(stage) {
      const fleet = await stage.fleet();
      const running = await stage.charging(fleet);
      await stage.system.halt('nats');
      await stage.system.revive('nats');
      await stage.readings(running, 2);
      stage.endAll(fleet);
      await judgeBooks(stage);
    },
  },
  {
    name: 'nats-away',
    number: 3,
    what: 'NATS is away for 60 s: sessions end and begin, commands fail fast',
    promises: ['P1', 'P2', 'P3', 'P5', 'P6'],
    chargers: 50,
    play: (stage) => withoutNats(stage, async () => undefined),
  },
];

/** Fault 4: NATS comes back without anything it had stored. */
export const NATS_LOST: Fault = {
  name: 'nats-lost',
  number: 4,
  what: 'the data directory of NATS is deleted: streams are made again and refilled from the outbox',
  promises: ['P1', 'P2', 'P3', 'P5', 'P6'],
  chargers: 50,
  play: (stage) => withoutNats(stage, async () => stage.system.loseNatsData()),
};

async function withoutNats(stage: Stage, meanwhile: () => Promise<void>): Promise<void> {
  const fleet = await stage.fleet();
  const probe = new CommandProbe(stage);
  const [asked] = fleet;
  if (!asked) throw new Error('this fault needs a charger');
  await probe.stationOf(asked);
  const running = await stage.charging(fleet);
  await stage.system.kill('nats');
  const goneAt = performance.now();
  // What needs no other service's events goes on: readings, the end of half of the sessions, and new ones.
  await stage.readings(running, 3);
  const leaving = fleet.slice(0, Math.floor(fleet.length / 2));
  stage.endAll(leaving);
  const begun = await stage.beginAll(leaving);
  stage.judge('P5', failedFast(await probe.send(asked)));
  const waiting = await unpublished(stage);
  stage.judge('P3', waiting === 0 ? ['no event waits in the outbox while NATS is away'] : []);
  await meanwhile();
  const awayMs = stage.quick ? AWAY_QUICK_MS : AWAY_MS;
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, awayMs - (performance.now() - goneAt))));
  stage.say(`NATS was away, ${await unpublished(stage)} events wait`);
  await stage.system.revive('nats');
  await stage.readings(begun, 2);
  const back = await probe.send(asked);
  stage.endAll(fleet);
  await judgeBooks(stage);
  stage.judge('P5', [
    ...(back.outcome === 'ACCEPTED' ? [] : [`the first command afterwards was ${back.outcome}`]),
    ...probe.problems(),
  ]);
}

function failedFast({ outcome, seconds }: { outcome: string; seconds: number }): string[] {
  const problems: string[] = [];
  if (outcome === 'ACCEPTED') problems.push('a command without NATS was called successful');
  if (seconds > COMMAND_FAILS_WITHIN_S)
    problems.push(`a command without NATS took ${seconds.toFixed(1)} s to fail (${outcome})`);
  return problems;
}

async function unpublished({ system }: Stage): Promise<number> {
  const [row] = await query<{ n: number }>(
    system.addresses.databaseUrl,
    'select count(*)::int as n from sessions.outbox where published_at is null',
  );
  return row?.n ?? 0;
}
