/** Any order and any duplication of messages gives the session that the same messages give in order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aMessage, aToken, minutes, StationBook } from '../../test/transaction-builders.js';
import { CHARGING_STATES, type ChargingState } from './charging-state.js';
import { chargingStateOf, periodsOf, statusOf, type Session } from './session.js';
import type { TransactionMessage } from './transaction-message.js';

type Step =
  { readonly message: TransactionMessage } | { readonly status: ChargingState; readonly minute: number };

function play(book: StationBook, step: Step): void {
  if ('message' in step) book.record(step.message);
  else book.status({ at: minutes(step.minute), state: step.status, key: `s${step.minute}` });
}

/** What anybody can see of a session; ids given out by arrival order are left out. */
function view(session: Session) {
  return {
    status: statusOf(session),
    state: chargingStateOf(session),
    startedAt: session.startedAt,
    end: session.end,
    periods: periodsOf(session),
    payer: session.payer?.tokenId,
    seqNos: session.seqNos,
    evse: session.evseNumber,
  };
}

function outcomeOf(steps: readonly Step[]) {
  const book = new StationBook();
  for (const step of steps) play(book, step);
  const sessions = [...book.sessions.values()].map(view);
  sessions.sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
  return { sessions, orphans: book.orphans.length };
}

const state = fc.constantFrom(...CHARGING_STATES);

/** Arrival orders with duplicates. */
function shuffled(steps: readonly Step[]): fc.Arbitrary<Step[]> {
  return fc
    .tuple(
      fc.shuffledSubarray([...steps], { minLength: steps.length }),
      fc.array(fc.nat({ max: steps.length - 1 }), { maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
    )
    .map(([order, repeats, places]) => {
      const arrivals = [...order];
      for (const repeat of repeats) {
        const place = places.next().value as number;
        arrivals.splice(place % (arrivals.length + 1), 0, steps[repeat]!);
      }
      return arrivals;
    });
}

const transaction201 = fc
  .record({
    states: fc.array(state, { maxLength: 6 }),
    tokenAt: fc.nat({ max: 6 }),
    accepted: fc.boolean(),
    ended: fc.boolean(),
  })
  .map(({ states, tokenAt, accepted, ended }): Step[] => {
    const withToken = (seqNo: number) => (seqNo === tokenAt ? { token: aToken('card', accepted) } : {});
    const messages = [aMessage({ seqNo: 0, ...withToken(0) })];
    states.forEach((chargingState, index) => {
      const seqNo = index + 1;
      messages.push(
        aMessage({ kind: 'UPDATED', seqNo, at: minutes(seqNo), chargingState, ...withToken(seqNo) }),
      );
    });
    if (ended) messages.push(aMessage({ kind: 'ENDED', seqNo: states.length + 1, at: minutes(30) }));
    return messages.map((message) => ({ message }));
  });

/** Two 1.6 transactions on one connector; a stop can only be sent once the start was answered. */
const starts16 = fc
  .record({ gap: fc.integer({ min: 1, max: 60 }), statuses: fc.array(state, { maxLength: 5 }) })
  .map(({ gap, statuses }): Step[] => [
    ...[0, gap, 2 * gap].map((minute) => ({
      message: aMessage({
        protocol: 'ocpp1.6',
        transactionRef: '',
        at: minutes(minute),
        token: aToken(`card${minute}`),
        registerMwh: minute,
      }),
    })),
    ...statuses.map((status, index) => ({ status, minute: 0.5 + index })),
  ]);

describe('interleavings', () => {
  it('of one 2.0.1 transaction end in one session, nothing left over', () => {
    fc.assert(
      fc.property(
        transaction201.chain((steps) => fc.tuple(fc.constant(steps), shuffled(steps))),
        ([steps, arrivals]) => {
          const inOrder = outcomeOf(steps);
          expect(outcomeOf(arrivals)).toEqual(inOrder);
          expect(inOrder.sessions).toHaveLength(1);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of 1.6 starts and statuses leave one active session, the newest by device time', () => {
    fc.assert(
      fc.property(
        starts16.chain((steps) => fc.tuple(fc.constant(steps), shuffled(steps))),
        ([steps, arrivals]) => {
          const found = outcomeOf(arrivals);
          expect(found).toEqual(outcomeOf(steps));
          expect(found.sessions.map((session) => session.status)).toEqual(['ENDED', 'ENDED', 'ACTIVE']);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never revive a session that ended', () => {
    fc.assert(
      fc.property(
        transaction201.chain((steps) => shuffled(steps)),
        (arrivals) => {
          const book = new StationBook();
          let ended = false;
          for (const step of arrivals) {
            play(book, step);
            const session = [...book.sessions.values()][0];
            if (ended) expect(session && statusOf(session)).toBe('ENDED');
            ended ||= session !== undefined && statusOf(session) === 'ENDED';
          }
        },
      ),
    );
  });

  it('have periods that follow each other without gap or overlap', () => {
    fc.assert(
      fc.property(
        transaction201.chain((steps) => shuffled(steps)),
        (arrivals) => {
          for (const session of outcomeOf(arrivals).sessions) {
            session.periods.forEach((period, index) => {
              const next = session.periods[index + 1];
              if (next) expect(period.to).toEqual(next.from);
            });
            expect(session.periods[0]!.from).toEqual(session.startedAt);
          }
        },
      ),
    );
  });
});
