// Real: every service as a process, Postgres with fsync, NATS. What is played is what `npm run faults` plays, with fewer chargers.
import { allDayTariff } from '@kilowatch/tools/demo/price-judge';
import { lostEffects, publishedIds, query, storedReadings } from '@kilowatch/tools/faults/deep-books';
import { brokenBooks } from '@kilowatch/tools/faults/money-books';
import { playFault } from '@kilowatch/tools/faults/play-fault';
import { faultsCalled } from '@kilowatch/tools/faults/registry';
import { FAULT_SYSTEM, Stage } from '@kilowatch/tools/faults/stage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

/** Kills of those every watt-hour passes through, disorder, hostile frames, and clocks that jump or are wrong; `npm run faults -- all` plays the others too. */
const NAMES = [
  ...['ocpp-gateway', 'sessions', 'metering', 'billing', 'postgres', 'nats'].map(
    (target) => `kill-${target}`,
  ),
  'duplicates',
  'reordered-messages',
  'malformed-frames',
  'frame-bombs',
  'relay-paused',
  'two-relays',
  'service-clock',
  // The last: its sessions are in no ledger of a charger.
  'meter-anomalies',
];
const SEED = 20_261_128;

let sut: SystemUnderTest;
let stage: Stage;
const said: string[] = [];

/** A system of its own for what follows in this block. */
function onOneSystem(): void {
  beforeAll(async () => {
    sut = await SystemUnderTest.start({ ...FAULT_SYSTEM, fsync: true, clocks: true }, allDayTariff());
    const { system, people } = sut;
    stage = new Stage({ system, people, seed: SEED, quick: true, print: (line) => said.push(line) });
  });
  afterAll(async () => {
    await stage?.release();
    await sut?.stop();
  });
}

async function isPlayed(name: string): Promise<void> {
  const [fault] = faultsCalled(name);
  said.length = 0;
  const { passed, lines } = await playFault(stage, fault!, 2);
  expect(passed, [...lines, ...said, ...sut.log.slice(-30)].join('\n')).toBe(true);
}

/** By itself: what comes after chargers that are a day ahead would be in their past. */
describe('promises kept in spite of chargers with wrong clocks', () => {
  onOneSystem();
  it('clock-skew', () => isPlayed('clock-skew'), 180_000);
});

describe('promises kept in spite of', () => {
  onOneSystem();
  it.each(NAMES)('%s', isPlayed, 180_000);

  describe('the judge of these faults', () => {
    it('sees a reading that was answered and is not stored', async () => {
      const ledger = stage.ledger();
      const { databaseUrl } = sut.system.addresses;
      expect(await storedReadings(databaseUrl, ledger)).toEqual([]);
      const [entry] = ledger;
      const acknowledgedReadings = entry!.acknowledgedReadings + 1_000;
      expect(await storedReadings(databaseUrl, [{ ...entry!, acknowledgedReadings }])).toEqual([
        expect.stringMatching(
          new RegExp(`^${entry!.identity}: ${acknowledgedReadings} readings were answered, `),
        ),
      ]);
    });

    it('sees an event that a consumer has not worked on', async () => {
      const { databaseUrl } = sut.system.addresses;
      expect(await lostEffects(databaseUrl)).toEqual([]);
      const [eventId] = (await publishedIds(databaseUrl, 'metering')).get('session_metered')!;
      await query(databaseUrl, 'delete from billing.inbox where event_id = $1', [eventId]);
      expect(await lostEffects(databaseUrl)).toEqual(['1 session_metered had no effect in billing']);
    });

    it('sees money that is booked otherwise than it is invoiced', async () => {
      const { databaseUrl } = sut.system.addresses;
      expect(await brokenBooks(databaseUrl)).toEqual([]);
      await query(
        databaseUrl,
        `do $$ begin
          set local session_replication_role = replica;
          update billing.ledger_entry set amount = amount + 0.01 where account like 'receivable:%' and posting_id =
            (select id from billing.posting where reason = 'INVOICE' order by reference limit 1);
          delete from billing.invoice where number = (select max(number) from billing.invoice);
        end $$`,
      );
      expect(await brokenBooks(databaseUrl)).toEqual([
        expect.stringMatching(/^posting .* does not sum to zero$/),
        expect.stringMatching(/^the numbers of series .* have gaps or doubles$/),
        expect.stringMatching(/-000001 is not booked as it stands$/),
      ]);
    });
  });
});
