import { tenantId, unavailable } from '@kilowatch/kernel';
import type { Database, Logger, Tx } from '@kilowatch/platform';
import { describe, expect, it } from 'vitest';
import type { Station } from '../domain/station.js';
import type {
  ConnectionAttempt,
  ConnectionAttemptRepository,
} from '../persistence/connection-attempt.repository.js';
import { framesOf, type TracePage, type WireFrame } from '../domain/trace-page.js';
import type { WireFrameRepository } from '../persistence/wire-frame.repository.js';
import { WireJournal, type Attempt } from './wire-journal.js';

const STATION: Station = {
  tenant: tenantId('demo'),
  stationId: 'station-1',
  connectionId: 'connection-1',
  generation: 1,
  identity: 'CP-1',
  version: '1.6',
  protocol: 'ocpp1.6',
  remoteIp: '',
  securityProfile: 0,
  credentialId: '',
  provisional: false,
  pinged: undefined,
};

const REFUSED: Attempt = {
  tenant: 'demo',
  identity: 'CP-1',
  stationId: null,
  connectionId: null,
  outcome: 'REFUSED',
  reason: 'bad_credentials',
  httpStatus: 401,
  url: '/ocpp/CP-1',
  subprotocols: 'ocpp1.6',
  protocol: '',
  securityProfile: null,
  tls: '',
  remoteIp: '10.0.0.1',
  userAgent: '',
};

/** Time, and a database that can be away, under the test's control. */
function setup(tracesFrames = true) {
  const world = { now: Date.UTC(2026, 10, 28), away: false, statements: 0, whileWriting: () => {} };
  const frames: WireFrame[] = [];
  const attempts: ConnectionAttempt[] = [];
  const told: { refused: unknown[] }[] = [];
  const database = {
    transaction: async (_scope: unknown, work: (tx: Tx) => Promise<void>) => {
      if (world.away) throw unavailable('DATABASE_UNAVAILABLE', 'away');
      world.statements++;
      world.whileWriting();
      const publish = (_type: unknown, event: { payload: { refused: unknown[] } }) =>
        void told.push(event.payload);
      await work({ publish, afterCommit: () => undefined } as unknown as Tx);
    },
  } as unknown as Database;
  const journal = new WireJournal(
    database,
    {
      insert: async (_tx: Tx, pages: TracePage[]) => {
        for (const page of pages) frames.push(...(await framesOf({ ...page, frames: '[]' })));
      },
    } as unknown as WireFrameRepository,
    {
      insert: async (_tx: Tx, rows: ConnectionAttempt[]) => void attempts.push(...rows),
    } as unknown as ConnectionAttemptRepository,
    { now: () => new Date(world.now) },
    { newId: () => `id-${attempts.length}`, randomInt31: () => 1, token: () => '' },
    { warn: () => undefined } as unknown as Logger,
    { tracesFrames, defaultTenant: 'demo' },
  );
  const say = (text: string) => journal.frame(STATION, false, 'Heartbeat', 'm', text);
  return { world, frames, attempts, told, journal, say };
}

describe('the wire journal', () => {
  it('writes what came since the last time in one statement', async () => {
    const { journal, frames, world, say } = setup();
    for (let i = 0; i < 100; i++) say(`[2,"${i}"]`);
    await journal.flush();
    expect([frames.length, world.statements]).toEqual([100, 1]);
    await journal.flush();
    expect(world.statements).toBe(1);
  });

  it('leaves what comes while it writes for the next time, and for the last time when it stops', async () => {
    const { journal, frames, world, say } = setup();
    world.whileWriting = () => say('[2,"late"]');
    say('[2,"early"]');
    await journal.flush();
    expect(frames.map(({ text }) => text)).toEqual(['[2,"early"]']);
    world.whileWriting = () => {
      world.whileWriting = () => undefined;
      say('[2,"last"]');
    };
    await journal.stop();
    expect(frames.map(({ text }) => text)).toEqual(['[2,"early"]', '[2,"late"]', '[2,"last"]']);
  });

  it('keeps the order of the wire through an outage of the database', async () => {
    const { journal, frames, world, say } = setup();
    world.away = true;
    say('first');
    await journal.flush();
    say('second');
    await journal.flush();
    world.away = false;
    await journal.flush();
    expect(frames.map(({ text }) => text)).toEqual(['first', 'second']);
    expect(frames[0]!.no).toBeLessThan(frames[1]!.no);
  });

  it('holds a bounded number of frames, and of characters, while the database is away', async () => {
    const { journal, frames, world, say } = setup();
    world.away = true;
    for (let i = 0; i < 30_000; i++) say('x');
    await journal.flush();
    world.away = false;
    await journal.flush();
    expect(frames.length).toBe(20_000);
    const long = setup();
    for (let i = 0; i < 1_000; i++) long.say('x'.repeat(100_000));
    await long.journal.flush();
    expect(long.frames.length).toBeLessThan(400);
  });

  it('lets the chargers in while it packs a full batch', async () => {
    const { journal, frames, say } = setup();
    for (let i = 0; i < 2_000; i++) say(`[2,"${i}","MeterValues",{}]`);
    let turns = 0;
    const chargers = setInterval(() => turns++, 0);
    await journal.flush();
    clearInterval(chargers);
    expect(frames.length).toBe(2_000);
    expect(turns).toBeGreaterThan(0);
  });

  it('keeps no frames where it is told not to', async () => {
    const { journal, frames, attempts, say } = setup(false);
    say('x');
    journal.attempt(REFUSED);
    await journal.flush();
    expect([frames.length, attempts.length]).toEqual([0, 1]);
  });

  it('counts the same refusal again instead of listing it', async () => {
    const { journal, attempts, world } = setup();
    journal.attempt(REFUSED);
    world.now += 100;
    journal.attempt(REFUSED);
    journal.attempt({ ...REFUSED, remoteIp: '10.0.0.2' });
    await journal.flush();
    expect(attempts.map(({ times, lastAt, at }) => [times, lastAt.getTime() - at.getTime()])).toEqual([
      [2, 100],
      [1, 0],
    ]);
  });

  it('keeps fifty refusals a second, and every connection that was accepted', async () => {
    const { journal, attempts } = setup();
    for (let i = 0; i < 500; i++) journal.attempt({ ...REFUSED, identity: `CP-${i}` });
    for (let i = 0; i < 100; i++) {
      journal.attempt({ ...REFUSED, outcome: 'ACCEPTED', reason: '', connectionId: `c-${i}` });
    }
    await journal.flush();
    const of = (outcome: string) => attempts.filter((attempt) => attempt.outcome === outcome).length;
    expect([of('REFUSED'), of('ACCEPTED')]).toEqual([50, 100]);
  });

  it('cuts what a stranger says to a length that can be kept', async () => {
    const { journal, attempts } = setup();
    journal.attempt({ ...REFUSED, url: `/ocpp/\u0000${'x'.repeat(8_000)}`, userAgent: 'y'.repeat(8_000) });
    await journal.flush();
    expect([attempts[0]!.url.length, attempts[0]!.userAgent.length]).toEqual([300, 300]);
    expect(attempts[0]!.url).not.toContain('\u0000');
  });
});
