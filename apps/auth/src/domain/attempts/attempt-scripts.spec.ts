import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf, replay } from '../../../test/attempts/replay.js';
import { clockOf, readScript, type Case } from '../../../test/attempts/script.js';
import type { AttemptEvent } from './attempt-event.js';
import { ATTEMPT_RULES, changedPolicy, DEFAULT_POLICY } from './attempt-rules.js';

const FOLDER = new URL('../../../test/attempts/scripts/', import.meta.url);
const SCRIPTS = readdirSync(FOLDER).map((file) => ({ file, cases: readScript(new URL(file, FOLDER)) }));
const ALL = SCRIPTS.flatMap(({ file, cases }) =>
  cases.map((one): [string, Case] => [`${file}: ${one.name}`, one]),
);

const policyOf = ({ policy }: Case) => changedPolicy(DEFAULT_POLICY, policy);

function told(batches: readonly (readonly AttemptEvent[])[], one: Case): string[] {
  return outcomeOf(replay(batches, policyOf(one))).map(
    ({ rule, key, severity, count, first, last, status }) =>
      `${rule} ${key} ${severity} ${count} ${clockOf(first)}..${clockOf(last)}${status === 'CLOSED' ? ' closed' : ''}`,
  );
}

describe.each(SCRIPTS)('$file', ({ cases }) => {
  it.each(cases.map((one): [string, Case] => [one.name, one]))('%s', (_name, one) => {
    expect(
      told(
        one.events.map((event) => [event]),
        one,
      ),
    ).toEqual(one.expected);
    expect(told([one.events], one)).toEqual(one.expected);
  });
});

describe('a replay', () => {
  it('covers every rule, with an incident and with none', () => {
    const found = new Set(ALL.flatMap(([, { expected }]) => expected.map((line) => line.split(' ')[0])));
    expect([...found].sort()).toEqual([...ATTEMPT_RULES].sort());
    expect(ALL.filter(([, { expected }]) => expected.length === 0).length).toBeGreaterThan(
      ATTEMPT_RULES.length,
    );
  });

  it.each(ALL)('gives the same in any order, in any batches, with any event told twice: %s', (_name, one) => {
    const { events } = one;
    const wanted = outcomeOf(replay([events], policyOf(one)));
    const delays = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 2 * events.length });
    const again = fc.subarray(events);
    const cuts = fc.array(fc.nat(events.length), { maxLength: 5 });
    fc.assert(
      fc.property(delays, again, cuts, (delay, repeated, at) => {
        const arrived = [...events, ...repeated]
          .map((event, i) => ({ event, when: event.at + (delay[i] ?? 0) * latenessOf(event) }))
          .sort((a, b) => a.when - b.when)
          .map(({ event }) => event);
        const places = [...new Set(at)].sort((a, b) => a - b);
        const batches = [0, ...places].map((from, i) => arrived.slice(from, places[i] ?? arrived.length));
        const told = batches.filter(({ length }) => length > 0);
        expect(outcomeOf(replay(told, policyOf(one)))).toEqual(wanted);
      }),
      { numRuns: 25 },
    );
  });
});

/** What a station tells later may come a day late; all else comes within the hour (attempt-readings.ts). */
function latenessOf(event: AttemptEvent): number {
  const isToldLater = event.kind === 'energy' || (event.kind === 'decision' && !event.live);
  return (isToldLater ? 24 : 1) * 3_600_000;
}
