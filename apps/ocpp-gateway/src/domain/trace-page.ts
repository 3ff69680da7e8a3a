/**
 * Frames of one connection that are written at the same time stand in one row, a page: under load a row for each would cost more than
 * all else a charger's message does in the database. Nobody reads most of them, so they are taken apart when somebody does.
 */
import { packed } from '@kilowatch/kernel';
import { PER_MS, traceSlot } from './trace-slot.js';

export interface WireFrame {
  readonly tenant: string;
  readonly stationId: string;
  /** trace-slot.ts: order and time. */
  readonly no: number;
  readonly connectionId: string;
  /** By us. */
  readonly sent: boolean;
  /** For an answer that of the call; empty when nobody could read it. */
  readonly action: string;
  readonly messageId: string;
  /** UTF-16 units of the whole. */
  readonly bytes: number;
  readonly truncated: boolean;
  readonly text: string;
}

export interface TracePage {
  /** Hour of the ring, of its first frame. */
  readonly slot: number;
  readonly tenant: string;
  readonly stationId: string;
  readonly connectionId: string;
  readonly firstNo: number;
  readonly lastNo: number;
  /** JSON, see `framesOf`. */
  readonly frames: string;
}

type Entry = readonly [
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

/** Pages of frames in the order they came. */
export function pagesOf(frames: readonly WireFrame[]): TracePage[] {
  return packed(frames, ({ connectionId }) => connectionId, {
    most: MOST_FRAMES,
    mostSize: MOST_LENGTH,
    sizeOf: ({ text }) => text.length,
    goesWith: (frame, first) => frame.no - first.no <= PAGE_SPAN && slotOf(frame) === slotOf(first),
  }).map(pageOf);
}

/** The frames of a page in their order. */
export function framesOf(page: Omit<TracePage, 'slot' | 'firstNo' | 'lastNo'>): WireFrame[] {
  const { tenant, stationId, connectionId, frames } = page;
  return (JSON.parse(frames) as Entry[]).map(
    ([no, sent, action, messageId, bytes, truncated, text]): WireFrame => ({
      tenant,
      stationId,
      connectionId,
      no,
      sent: sent === 1,
      action,
      messageId,
      bytes,
      truncated: truncated === 1,
      text,
    }),
  );
}

function slotOf({ no }: WireFrame): number {
  return traceSlot(Math.floor(no / PER_MS));
}

function pageOf(frames: readonly WireFrame[]): TracePage {
  const [first] = frames;
  const entries = frames.map((frame): Entry => [
    frame.no,
    frame.sent ? 1 : 0,
    frame.action,
    frame.messageId,
    frame.bytes,
    frame.truncated ? 1 : 0,
    frame.text,
  ]);
  return {
    slot: slotOf(first!),
    tenant: first!.tenant,
    stationId: first!.stationId,
    connectionId: first!.connectionId,
    firstNo: first!.no,
    lastNo: frames.at(-1)!.no,
    frames: JSON.stringify(entries),
  };
}
