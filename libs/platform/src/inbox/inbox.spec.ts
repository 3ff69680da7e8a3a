import { conflict, forbidden, invalid, notFound, precondition, unavailable } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, handlerTable, subjectTenant } from './decode.js';
import type { AnyEventHandler } from './event-handler.js';
import { retryDelayMs, verdict } from './retry-policy.js';
import { batchOf } from './source-consumer.js';

const meta = {
  eventId: '019b76da-a800-7000-8000-000000000001',
  tenant: 'demo',
  aggregateId: 'a',
  aggregateVersion: 1,
  occurredAt: new Date('2026-01-01T00:00:00Z'),
  producer: 'billing',
};
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const handler = {
  event: {
    service: 'billing',
    name: 'cdr_issued',
    version: 1,
    decode: (bytes: Uint8Array) => {
      const value = JSON.parse(new TextDecoder().decode(bytes));
      if (value.meta?.occurredAt) value.meta.occurredAt = new Date(value.meta.occurredAt);
      return value;
    },
  },
  handle: async () => {},
} as unknown as AnyEventHandler;
const table = handlerTable([handler]);
const SUBJECT = 'evt.billing.cdr_issued.v1.demo';

describe('decoding a message', () => {
  it('gives the event with its meta and handlers', () => {
    expect(decodeMessage(table, SUBJECT, json({ meta, x: 1 }))).toMatchObject({
      kind: 'event',
      meta,
      handlers: [handler],
    });
  });

  it('leaves events nobody listens to alone, other versions included', () => {
    expect(decodeMessage(table, 'evt.billing.cdr_issued.v2.demo', json({}))).toEqual({ kind: 'unhandled' });
  });

  it.each([
    ['no meta', SUBJECT, {}],
    ['an id that is no UUID', SUBJECT, { meta: { ...meta, eventId: "1'; drop" } }],
    ['the tenant of another', 'evt.billing.cdr_issued.v1.other', { meta }],
    ['a subject without tenant', 'evt.billing.cdr_issued.v1', { meta }],
    ['no time', SUBJECT, { meta: { ...meta, occurredAt: undefined } }],
  ])('refuses %s', (_what, subject, payload) => {
    expect(decodeMessage(table, subject, json(payload)).kind).toBe('poison');
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeMessage(table, SUBJECT, bytes).kind).toBe('poison');
      }),
    );
  });

  it('finds the tenant of a message it cannot decode', () => {
    expect([subjectTenant(SUBJECT), subjectTenant('evt.x')]).toEqual(['demo', 'unknown']);
  });
});

describe('what makes a batch', () => {
  const queue = (...sizes: number[]) => sizes.map((size) => ({ data: new Uint8Array(size) }));

  it('is full by count or by bytes, and has one message at least', () => {
    expect(batchOf(queue(10, 10))).toEqual({ size: 2, full: false });
    expect(batchOf(queue(...Array.from({ length: 100 }, () => 1)))).toEqual({ size: 100, full: true });
    expect(batchOf(queue(...Array.from({ length: 5 }, () => 64 * 1024)))).toEqual({ size: 4, full: true });
    expect(batchOf(queue(500 * 1024, 10))).toEqual({ size: 1, full: true });
  });
});

describe('what happens to an event whose handler failed', () => {
  it.each([unavailable('X', ''), notFound('X', ''), conflict('X', ''), new Error('bug')])(
    'retries %s',
    (error) => {
      expect(verdict(error, 1, 8).action).toBe('retry');
    },
  );

  it.each([invalid('X', ''), forbidden('X', ''), precondition('X', '')])('does not retry %s', (error) => {
    expect(verdict(error, 1, 8).action).toBe('dead-letter');
  });

  it('gives up at the last delivery', () => {
    expect(verdict(unavailable('X', ''), 7, 8).action).toBe('retry');
    expect(verdict(unavailable('X', ''), 8, 8).action).toBe('dead-letter');
  });

  it('waits longer each time, a minute at most', () => {
    expect([1, 2, 3, 4, 5, 6].map(retryDelayMs)).toEqual([500, 1500, 4500, 13_500, 40_500, 60_000]);
  });
});
