/**
 * The frames of a page as bytes. The first byte names the form; what follows it, plain or deflated, is one line of JSON with the figures
 * of all frames and then each text as it is, on a line of its own: to escape texts as JSON costs as much as to deflate them.
 */
import { promisify } from 'node:util';
import { deflateRawSync, inflateRaw } from 'node:zlib';
import { internal } from '@kilowatch/kernel';

/** What a frame has of its own in a page. */
export interface PageFrame {
  /** trace-slot.ts: order and time. */
  readonly no: number;
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

type Head = readonly [
  no: number,
  sent: 0 | 1,
  action: string,
  messageId: string,
  bytes: number,
  truncated: 0 | 1,
  /** UTF-16 units. */
  length: number,
];

const PLAIN = 0;
const DEFLATED = 1;

/** UTF-16 units. To begin with deflating costs some 15 us: below this, more than the database saves by it. */
const LEAST_DEFLATED = 2 * 1024;
/** A page is full with 64 Ki units: at most three bytes each, and the figures. */
const MOST_UNPACKED = 256 * 1024;
/** Fast, and with less memory to prepare for each page than zlib's own defaults. */
const DEFLATE = { level: 1, memLevel: 7, windowBits: 14 } as const;
const INFLATE = { maxOutputLength: MOST_UNPACKED, chunkSize: 64 * 1024 } as const;

const inflate = promisify<Buffer, typeof INFLATE, Buffer>(inflateRaw);

/** Of one frame at least. Half a character, as it stands at the end of a text that was cut, becomes U+FFFD. */
export function packPage(frames: readonly PageFrame[]): Buffer {
  const heads = frames.map(({ no, sent, action, messageId, bytes, truncated, text }): Head => [
    no,
    sent ? 1 : 0,
    action,
    messageId,
    bytes,
    truncated ? 1 : 0,
    text.length,
  ]);
  const whole = [JSON.stringify(heads), ...frames.map(({ text }) => text)].join('\n');
  return whole.length < LEAST_DEFLATED
    ? formed(PLAIN, Buffer.from(whole))
    : formed(DEFLATED, deflateRawSync(whole, DEFLATE));
}

/** The frames in their order. Rejects with TRACE_PAGE_UNREADABLE when these are not the bytes of a page. */
export async function unpackPage(bytes: Buffer): Promise<PageFrame[]> {
  try {
    return framesIn((await unformed(bytes)).toString());
  } catch (cause) {
    throw internal('TRACE_PAGE_UNREADABLE', 'A page of the trace cannot be read.', { form: bytes[0] }, cause);
  }
}

function formed(form: number, content: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(1 + content.length);
  bytes[0] = form;
  content.copy(bytes, 1);
  return bytes;
}

/** Inflates beside the event loop: whoever reads many pages must not keep the process from its chargers. */
async function unformed(bytes: Buffer): Promise<Buffer> {
  const [form] = bytes;
  const content = bytes.subarray(1);
  if (form === PLAIN) return content;
  if (form === DEFLATED) return inflate(content, INFLATE);
  throw new Error('unknown form');
}

function framesIn(whole: string): PageFrame[] {
  const end = whole.indexOf('\n');
  const heads = JSON.parse(whole.slice(0, end)) as Head[];
  let at = end + 1;
  const frames = heads.map((head): PageFrame => {
    const [no, sent, action, messageId, bytes, truncated, length] = head;
    if (![no, bytes, length].every(isCount) || typeof action !== 'string' || typeof messageId !== 'string')
      throw new Error('wrong figures');
    const text = whole.slice(at, at + length);
    at += length + 1;
    return { no, sent: sent === 1, action, messageId, bytes, truncated: truncated === 1, text };
  });
  if (at !== whole.length + 1) throw new Error('texts of other lengths');
  return frames;
}

/** What is deflated has no sum that is checked: a number that was spoiled would go out as a time or a size. */
function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
