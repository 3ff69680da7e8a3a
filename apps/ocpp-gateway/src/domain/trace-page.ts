/**
 * Frames of one connection that are written at the same time stand in one row, a page: under load a row for each would cost more than
 * all else a charger's message does in the database. Nobody reads most of them, so they are taken apart when somebody does.
 */
import { packed } from '@kilowatch/kernel';
import { packPage, unpackPage, type PageFrame } from './packed-page.js';
import { PER_MS, traceSlot } from './trace-slot.js';

/** What all frames of a page have in common. */
interface Origin {
  readonly tenant: string;
  readonly stationId: string;
  readonly connectionId: string;
}

export interface WireFrame extends Origin, PageFrame {}

export interface TracePage extends Origin {
  /** Hour of the ring, of its first frame. */
  readonly slot: number;
  readonly firstNo: number;
  readonly lastNo: number;
  /** packed-page.ts */
  readonly packed: Buffer;
}

/** A page as it may stand in the ring. */
export interface StoredPage extends Origin {
  /** Null in a row of a release that wrote `frames` instead. */
  readonly packed: Buffer | null;
  /** JSON: a list of `PlainEntry`. */
  readonly frames: string;
}

type PlainEntry = readonly [
  no: number,
  sent: 0 | 1,
  action: string,
  messageId: string,
  bytes: number,
  truncated: 0 | 1,
  text: string,
];

const MOST_FRAMES = 64;
const MOST_LENGTH = 64 * 1024;
/** From the first to the last frame of a page, in numbers: pages of a station overlap by no more than that. */
export const PAGE_SPAN = 2_000 * PER_MS;

/** Frames, in the order they came, by the pages they go into. */
export function inPages(frames: readonly WireFrame[]): WireFrame[][] {
  return packed(frames, ({ connectionId }) => connectionId, {
    most: MOST_FRAMES,
    mostSize: MOST_LENGTH,
    sizeOf: ({ text }) => text.length,
    goesWith: (frame, first) => frame.no - first.no <= PAGE_SPAN && slotOf(frame) === slotOf(first),
  });
}

/** Of frames that `inPages` put together. Takes up to 0.2 ms. */
export function pageOf(frames: readonly WireFrame[]): TracePage {
  const first = frames[0]!;
  return {
    slot: slotOf(first),
    tenant: first.tenant,
    stationId: first.stationId,
    connectionId: first.connectionId,
    firstNo: first.no,
    lastNo: frames.at(-1)!.no,
    packed: packPage(frames),
  };
}

/** The frames of a page in their order. Rejects when it cannot be read. */
export async function framesOf(page: StoredPage): Promise<WireFrame[]> {
  const { tenant, stationId, connectionId, packed: bytes, frames } = page;
  const own = bytes ? await unpackPage(bytes) : (JSON.parse(frames) as PlainEntry[]).map(plainFrame);
  return own.map((frame): WireFrame => ({ tenant, stationId, connectionId, ...frame }));
}

function plainFrame([no, sent, action, messageId, bytes, truncated, text]: PlainEntry): PageFrame {
  return { no, sent: sent === 1, action, messageId, bytes, truncated: truncated === 1, text };
}

function slotOf({ no }: WireFrame): number {
  return traceSlot(Math.floor(no / PER_MS));
}
