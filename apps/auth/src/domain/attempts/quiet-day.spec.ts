import { describe, expect, it } from 'vitest';
import { dayOfTraffic } from '../../../test/attempts/day-of-traffic.js';
import { outcomeOf, replay } from '../../../test/attempts/replay.js';
import type { AttemptEvent } from './attempt-event.js';
import { DEFAULT_POLICY } from './attempt-rules.js';

/** As they arrive: a little later than they happened, some of them twice. */
function arrivals(events: readonly AttemptEvent[]): AttemptEvent[][] {
  const batches: AttemptEvent[][] = [];
  for (let i = 0; i < events.length; i += 50) {
    const batch = events.slice(i, i + 50);
    batches.push([...batch.reverse(), ...batch.slice(0, 5)]);
  }
  return batches;
}

describe('a day in which nobody means harm', () => {
  it.each([1, 2, 3])('makes no incident (seed %i)', (seed) => {
    const events = dayOfTraffic(seed);
    const kinds = (wanted: (event: AttemptEvent) => boolean) => events.filter(wanted).length;
    // The day must hold what could be taken for an attempt.
    expect(kinds(({ kind }) => kind === 'decision')).toBeGreaterThan(10_000);
    expect(kinds((event) => event.kind === 'decision' && event.status === 'UNKNOWN')).toBeGreaterThan(500);
    expect(kinds((event) => event.kind === 'decision' && event.status === 'CONCURRENT_TX')).toBeGreaterThan(
      20,
    );
    expect(kinds((event) => event.kind === 'decision' && !event.live)).toBeGreaterThan(20);
    expect(kinds(({ kind }) => kind === 'connected')).toBeGreaterThan(1_500);
    expect(outcomeOf(replay(arrivals(events), DEFAULT_POLICY))).toEqual([]);
  });

  it('shows the one who does', () => {
    const events = dayOfTraffic(4);
    const victim = events.find(
      (event) =>
        event.kind === 'decision' &&
        event.status === 'ACCEPTED' &&
        event.token.type === 'ISO14443' &&
        !event.token.shared,
    );
    if (victim?.kind !== 'decision') throw new Error('the day has no accepted card');
    const copy: AttemptEvent = {
      ...victim,
      id: 'copy',
      at: victim.at + 60_000,
      place: { stationId: 'far', siteId: 'far', latitude: 48.1, longitude: 11.6 },
    };
    const found = outcomeOf(replay(arrivals([...events, copy].sort((a, b) => a.at - b.at)), DEFAULT_POLICY));
    expect(found.map(({ rule, key }) => [rule, key])).toEqual([['IMPOSSIBLE_TRAVEL', victim.token.hash]]);
  });
});
