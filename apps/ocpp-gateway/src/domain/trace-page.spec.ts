import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framesOf, PAGE_SPAN, pagesOf, type WireFrame } from './trace-page.js';
import { frameNumberFrom, traceSlot } from './trace-slot.js';

const AT = Date.parse('2026-05-01T09:59:59.000Z');
const frame = (over: Partial<WireFrame> & { atMs?: number }): WireFrame => {
  const { atMs = AT, ...rest } = over;
  return {
    tenant: 'demo',
    stationId: 's',
    connectionId: 'c',
    no: frameNumberFrom(new Date(atMs)),
    sent: false,
    action: 'Heartbeat',
    messageId: '1',
    bytes: 2,
    truncated: false,
    text: '{}',
    ...rest,
  };
};

describe('frames in pages', () => {
  it('puts call and answer of a connection in one row', () => {
    const call = frame({});
    const answer = frame({ no: call.no + 1, sent: true, truncated: true, text: '[3,"1",{"a":"\ud800\"ü"}]' });
    const [page, ...rest] = pagesOf([call, answer]);
    expect(rest).toEqual([]);
    expect(page).toMatchObject({ firstNo: call.no, lastNo: answer.no, slot: traceSlot(AT), tenant: 'demo' });
    expect(framesOf(page!)).toEqual([call, answer]);
  });

  it('begins a new page with the next hour, so that an hour can be forgotten', () => {
    const pages = pagesOf([frame({}), frame({ atMs: AT + 1_000 })]);
    expect(pages.map(({ slot }) => slot)).toEqual([traceSlot(AT), traceSlot(AT + 1_000)]);
    expect(new Set(pages.map(({ slot }) => slot)).size).toBe(2);
  });

  it('loses no frame, mixes no connections and keeps pages small, whatever came', () => {
    const anyFrame = fc.record({
      connectionId: fc.constantFrom('a', 'b'),
      stepMs: fc.integer({ min: 0, max: 900 }),
      text: fc.string({ maxLength: 50 }),
    });
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 300 }), (given) => {
        let atMs = AT;
        const frames = given.map(({ stepMs, ...rest }) => frame({ ...rest, atMs: (atMs += stepMs) }));
        const pages = pagesOf(frames);
        for (const connectionId of ['a', 'b']) {
          const own = pages.filter((page) => page.connectionId === connectionId);
          expect(own.flatMap(framesOf)).toEqual(frames.filter((each) => each.connectionId === connectionId));
        }
        for (const { firstNo, lastNo } of pages) expect(lastNo - firstNo).toBeLessThanOrEqual(PAGE_SPAN);
      }),
    );
  });
});
