/** Whatever a station holds and we want: after the plan it holds exactly what we want and it can hold, and versions only grow. */
import fc from 'fast-check';
import { TokenMemory } from '@kilowatch/testing';
import { describe, expect, it } from 'vitest';
import { entryHash, type ListDialect, type ListEntry } from './list-entry.js';
import { listPayload } from './list-payload.js';
import { planList, type HeldEntry, type ListMessage } from './list-plan.js';
import { wantedList, type Candidate } from './wanted-list.js';

const NOW = new Date('2026-11-29T12:00:00Z');
const DAY = 86_400_000;
const TYPES = ['ISO14443', 'ISO15693', 'eMAID', 'Local', 'KeyCode', 'Central'];

const candidate = fc
  .record({
    n: fc.integer({ min: 0, max: 40 }),
    long: fc.boolean(),
    type: fc.constantFrom(...TYPES),
    status: fc.constantFrom('ACTIVE' as const, 'ACTIVE' as const, 'BLOCKED' as const, 'EXPIRED' as const),
    groupId: fc.constantFrom('', 'fleet', 'a-group-with-a-name-beyond-20'),
    accountActive: fc.boolean(),
    expiresAt: fc.constantFrom(undefined, new Date(NOW.getTime() - DAY), new Date(NOW.getTime() + DAY)),
    reason: fc.constantFrom('FLAGGED' as const, 'FLEET' as const, 'RECENT' as const),
    usedDaysAgo: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  })
  .map(({ n, long, reason, usedDaysAgo, ...of }): Candidate => ({
    token: { tokenId: `token-${n}`, value: `${long ? 'ABCDEF0123456789ABCDEF' : 'CARD'}${n}`, ...of },
    reason,
    usedAt: usedDaysAgo === undefined ? undefined : new Date(NOW.getTime() - usedDaysAgo * DAY),
  }));
const candidates = fc.uniqueArray(candidate, { selector: ({ token }) => token.tokenId, maxLength: 40 });

const station = fc.record({
  dialect: fc.constantFrom<ListDialect>('1.6', '2.x'),
  maxEntries: fc.integer({ min: 0, max: 25 }),
  itemsPerMessage: fc.integer({ min: 1, max: 7 }),
  bytesPerMessage: fc.option(fc.integer({ min: 350, max: 900 }), { nil: undefined }),
  expiry: fc.boolean(),
  version: fc.integer({ min: 1, max: 2_147_483_647 }),
  known: fc.boolean(),
});
type Station = typeof station extends fc.Arbitrary<infer S> ? S : never;

function memoryOf({ dialect, maxEntries, itemsPerMessage, bytesPerMessage, expiry }: Station): TokenMemory {
  const bytes = bytesPerMessage === undefined ? {} : { bytesPerMessage };
  return new TokenMemory(dialect === '1.6' ? '1.6' : '2.0.1', {
    list: { maxEntries, itemsPerMessage, expiry, ...bytes },
  });
}

function entriesOf(
  of: readonly Candidate[],
  { dialect, expiry, maxEntries: most }: Station,
): readonly ListEntry[] {
  return wantedList(of, { dialect, expiry, now: NOW, most }).entries;
}

function send(memory: TokenMemory, dialect: ListDialect, message: ListMessage): unknown {
  return memory.command(
    'SendLocalList',
    JSON.parse(JSON.stringify(listPayload(dialect, message))) as object as never,
  );
}

/** What the station has in its list, in its own words. */
function shown(memory: TokenMemory): string[] {
  return [...memory.list.values()]
    .map(({ token, status, until }) => `${token.value}/${status}/${until?.getTime() ?? ''}`)
    .sort();
}

function expected(entries: readonly ListEntry[]): string[] {
  return entries.map(({ id, status, expiresAt }) => `${id}/${status}/${expiresAt?.getTime() ?? ''}`).sort();
}

const heldOf = (entries: readonly ListEntry[]): HeldEntry[] =>
  entries.map((entry) => ({
    tokenId: entry.tokenId,
    id: entry.id,
    type: entry.type,
    hash: entryHash(entry),
  }));

describe('the messages to a station', () => {
  it('leave it with exactly the list we want, within its limits, with versions that only grow', () => {
    fc.assert(
      fc.property(candidates, candidates, station, (before, after, of) => {
        const memory = memoryOf(of);
        const { dialect, itemsPerMessage, bytesPerMessage } = of;
        const limits = { itemsPerMessage, bytesPerMessage };
        const first = planList({
          dialect,
          held: undefined,
          wanted: entriesOf(before, of),
          version: 0,
          limits,
        });
        for (const message of first.messages)
          expect(send(memory, dialect, message)).toEqual({ result: { status: 'Accepted' } });
        const lost = new Set(first.tooLarge);
        const started = entriesOf(before, of).filter(({ tokenId }) => !lost.has(tokenId));
        expect(shown(memory)).toEqual(expected(started));

        const wanted = entriesOf(after, of);
        const held = of.known ? heldOf(started) : undefined;
        const plan = planList({ dialect, held, wanted, version: memory.version, limits });
        let { version } = memory;
        for (const message of plan.messages) {
          expect(message.version).toBe(version + 1);
          ({ version } = message);
          expect(send(memory, dialect, message)).toEqual({ result: { status: 'Accepted' } });
        }
        const tooLarge = new Set(plan.tooLarge);
        expect(shown(memory)).toEqual(expected(wanted.filter(({ tokenId }) => !tooLarge.has(tokenId))));
      }),
      { numRuns: 400 },
    );
  });

  it('change nothing of the tokens that were not looked at', () => {
    fc.assert(
      fc.property(candidates, candidates, station, fc.nat(), (before, after, of, bits) => {
        const memory = memoryOf({ ...of, bytesPerMessage: undefined });
        const { dialect, itemsPerMessage } = of;
        const limits = { itemsPerMessage, bytesPerMessage: undefined };
        const roomy = { ...of, maxEntries: 25 };
        const started = entriesOf(before, of);
        const first = planList({ dialect, held: undefined, wanted: started, version: 0, limits });
        for (const message of first.messages) send(memory, dialect, message);
        const isLookedAt = ({ tokenId }: { tokenId: string }) =>
          ((bits >> (Number(tokenId.slice(6)) % 30)) & 1) === 1;
        const wanted = entriesOf(after, roomy).filter(isLookedAt);
        const kept = started.filter((entry) => !isLookedAt(entry));
        // What is new and has the spelling of something that stays is no part of this.
        fc.pre(kept.length + wanted.length <= of.maxEntries);
        const ids = new Set(kept.map(({ id }) => id));
        fc.pre(wanted.every(({ id }) => !ids.has(id)));
        const held = heldOf(started).filter(isLookedAt);
        const { messages } = planList({
          dialect,
          held,
          wanted,
          isPart: true,
          version: memory.version,
          limits,
        });
        for (const message of messages)
          expect(send(memory, dialect, message)).toEqual({ result: { status: 'Accepted' } });
        expect(shown(memory)).toEqual(expected([...kept, ...wanted]));
      }),
      { numRuns: 300 },
    );
  });

  it('are none when the station holds what we want', () => {
    fc.assert(
      fc.property(candidates, station, (some, of) => {
        const { dialect, version } = of;
        const wanted = entriesOf(some, of);
        const limits = { itemsPerMessage: of.itemsPerMessage, bytesPerMessage: undefined };
        expect(planList({ dialect, held: heldOf(wanted), wanted, version, limits }).messages).toEqual([]);
      }),
    );
  });

  it('name only what differs, when the list is known', () => {
    fc.assert(
      fc.property(candidates, station, fc.nat(), (some, of, pick) => {
        const { dialect, version } = of;
        const wanted = entriesOf(some, of);
        fc.pre(wanted.length > 1);
        const gone = wanted[pick % wanted.length]!;
        const rest = wanted.filter((entry) => entry !== gone);
        const limits = { itemsPerMessage: undefined, bytesPerMessage: undefined };
        const { messages } = planList({ dialect, held: heldOf(wanted), wanted: rest, version, limits });
        expect(messages).toHaveLength(1);
        expect(messages[0]).toMatchObject({ updateType: 'Differential', upserts: [] });
        expect(messages[0]!.removals.map(({ tokenId }) => tokenId)).toEqual([gone.tokenId]);
      }),
    );
  });
});
