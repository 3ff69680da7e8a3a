import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOf, messagesOf, rowsOf, type CarriedEvent } from './event-message.js';

const TENANTS = ['alpha', 'beta'];
const waiting = (id: number, tenant = 'alpha', bytes = 10) => ({
  eventId: `e${id}`,
  subject: `evt.billing.cdr_issued.v1.${tenant}`,
  payload: new Uint8Array(bytes).fill(id % 256),
  traceparent: id % 2 ? undefined : `00-${id}`,
});
const plain = ({ subject, payload, traceparent }: CarriedEvent) => ({
  subject,
  payload: [...payload],
  traceparent,
});
const unpacked = (messages: ReturnType<typeof messagesOf>) =>
  messages.flatMap((message) => eventsOf(message)).map(plain);

describe('events as messages', () => {
  it('leaves a single event as it is', () => {
    const event = waiting(2);
    expect(messagesOf([event])).toMatchObject([
      { ...plain(event), payload: event.payload, id: 'e2', eventIds: ['e2'] },
    ]);
    expect(eventsOf(event)).toEqual([event]);
  });

  it('carries what waits together as one message of the tenant', () => {
    const [message, ...rest] = messagesOf([waiting(1), waiting(2)]);
    expect(rest).toEqual([]);
    expect(message).toMatchObject({ subject: 'evt.billing.bundle.v1.alpha', eventIds: ['e1', 'e2'] });
  });

  it('loses nothing, keeps the order of each tenant and mixes no tenants', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ tenant: fc.constantFrom(...TENANTS), bytes: fc.integer({ min: 0, max: 40_000 }) }),
          {
            maxLength: 120,
          },
        ),
        (given) => {
          const events = given.map(({ tenant, bytes }, id) => waiting(id, tenant, bytes));
          const messages = messagesOf(events);
          for (const tenant of TENANTS) {
            const own = (list: { subject: string }[]) =>
              list.filter(({ subject }) => subject.endsWith(tenant));
            expect(own(unpacked(messages))).toEqual(own(events.map(plain)));
          }
          for (const { eventIds, payload } of messages) {
            expect(eventIds.length).toBeLessThanOrEqual(50);
            if (eventIds.length > 1) expect(payload.length).toBeLessThan(80 * 1024);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('names a message after all that is in it: JetStream drops what has the name of another', () => {
    const id = (...ids: number[]) => messagesOf(ids.map((each) => waiting(each)))[0]!.id;
    expect(id(1, 2, 3)).toBe(id(1, 2, 3));
    expect(new Set([id(1, 2, 3), id(1, 3), id(1, 2), id(1, 4, 3), id(1)]).size).toBe(5);
  });

  it('does not take what cannot be read for a bundle', () => {
    const broken = {
      subject: 'evt.billing.bundle.v1.demo',
      payload: Buffer.from('no bundle'),
      traceparent: undefined,
    };
    expect(() => eventsOf(broken)).toThrow();
    expect(() => eventsOf({ ...broken, subject: 'evt.billing.bundle.v1' })).toThrow('without a tenant');
  });
});

describe('events as rows of the outbox', () => {
  it('are one row when they are of one transaction and tenant, named by the first and marked for relays of before', () => {
    const [row, ...rest] = rowsOf([waiting(1), waiting(2)]);
    expect(rest).toEqual([]);
    expect(row).toMatchObject({ eventId: 'e1', subject: 'evt.billing.bundle.v1.alpha.e1' });
    expect(eventsOf(row!).map(plain)).toEqual([waiting(1), waiting(2)].map(plain));
  });

  it('stay what they are when there is one', () => {
    expect(rowsOf([waiting(1)])).toEqual([waiting(1)]);
  });

  it('are carried as if each had a row of its own', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom(...TENANTS), { minLength: 1, maxLength: 70 }), { maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        (transactions, bundled) => {
          let id = 0;
          const written = transactions.map((tenants) => tenants.map((tenant) => waiting(id++, tenant, 300)));
          const rows = written.flatMap((events, index) => (bundled[index] ? rowsOf(events) : events));
          const messages = messagesOf(rows);
          for (const tenant of TENANTS) {
            const own = (list: { subject: string }[]) =>
              list.filter(({ subject }) => subject.endsWith(tenant));
            expect(own(unpacked(messages))).toEqual(own(written.flat().map(plain)));
          }
          expect(messages.flatMap(({ eventIds }) => eventIds).toSorted()).toEqual(
            rows.map(({ eventId }) => eventId).toSorted(),
          );
          for (const message of messages) {
            expect(message.subject.split('.')).toHaveLength(5);
            expect(eventsOf(message).length).toBeLessThanOrEqual(50);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
