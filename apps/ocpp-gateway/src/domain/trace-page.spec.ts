import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framesOf, inPages, PAGE_SPAN, pageOf, type TracePage, type WireFrame } from './trace-page.js';
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

const pagesOf = (frames: readonly WireFrame[]) => inPages(frames).map(pageOf);
const read = (page: TracePage) => framesOf({ ...page, frames: '[]' });

describe('frames in pages', () => {
  it('puts call and answer of a connection in one row', async () => {
    const call = frame({});
    const answer = frame({ no: call.no + 1, sent: true, truncated: true, text: '[3,"1",{"a":"\"ü"}]' });
    const [page, ...rest] = pagesOf([call, answer]);
    expect(rest).toEqual([]);
    expect(page).toMatchObject({ firstNo: call.no, lastNo: answer.no, slot: traceSlot(AT), tenant: 'demo' });
    expect(await read(page!)).toEqual([call, answer]);
  });

  it('reads what a release before has written, as JSON', async () => {
    const { tenant, stationId, connectionId, no } = frame({});
    const frames = JSON.stringify([[no, 1, 'Heartbeat', '1', 2, 1, '{"a":"\n"}']]);
    expect(await framesOf({ tenant, stationId, connectionId, packed: null, frames })).toEqual([
      frame({ sent: true, truncated: true, text: '{"a":"\n"}' }),
    ]);
  });

  it('begins a new page with the next hour, so that an hour can be forgotten', () => {
    const pages = pagesOf([frame({}), frame({ atMs: AT + 1_000 })]);
    expect(pages.map(({ slot }) => slot)).toEqual([traceSlot(AT), traceSlot(AT + 1_000)]);
    expect(new Set(pages.map(({ slot }) => slot)).size).toBe(2);
  });

  it('loses no frame, mixes no connections and keeps pages small, whatever came', async () => {
    const anyFrame = fc.record({
      connectionId: fc.constantFrom('a', 'b'),
      stepMs: fc.integer({ min: 0, max: 900 }),
      text: fc.string({ maxLength: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyFrame, { maxLength: 300 }), async (given) => {
        let atMs = AT;
        const frames = given.map(({ stepMs, ...rest }) => frame({ ...rest, atMs: (atMs += stepMs) }));
        const pages = pagesOf(frames);
        for (const connectionId of ['a', 'b']) {
          const own = await Promise.all(pages.filter((page) => page.connectionId === connectionId).map(read));
          expect(own.flat()).toEqual(frames.filter((each) => each.connectionId === connectionId));
        }
        for (const { firstNo, lastNo } of pages) expect(lastNo - firstNo).toBeLessThanOrEqual(PAGE_SPAN);
      }),
    );
  });
});
