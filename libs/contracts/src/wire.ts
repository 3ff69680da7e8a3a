/**
 * What the generated code reads and writes with: the library's own, but for where a writer gets its buffer. The library's grows one from
 * nothing, by copying, for each message, and each of them is memory from outside of V8's heap: two thirds of what it costs to encode an
 * event. Ours begins with the buffer that the last one left.
 */
import { BinaryWriter as GrowingWriter } from '@bufbuild/protobuf/wire';

export { BinaryReader } from '@bufbuild/protobuf/wire';

/** Private there. Should they be others one day, writers are the library's again; wire.spec.ts would tell. */
interface Internals {
  buffer: Uint8Array;
  viewCache: DataView;
  pos: number;
  stackPos: number[];
}

/** A large message is rare: its buffer is not kept for the small ones. */
const MOST_KEPT = 256 * 1024;
const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);
let spare: Uint8Array | undefined;

export class BinaryWriter extends GrowingWriter {
  constructor() {
    super();
    if (spare === undefined) return;
    internalsOf(this).buffer = spare;
    spare = undefined;
  }

  /**
   * A copy of what was written, small ones in Node's pool of buffers; the writer is as new. One that fails midway keeps its buffer, and the
   * next makes itself one.
   */
  override finish(): Uint8Array<ArrayBuffer> {
    const internals = internalsOf(this);
    const { buffer, pos } = internals;
    if (!(buffer instanceof Uint8Array) || typeof pos !== 'number') return super.finish();
    const written = Buffer.from(buffer.subarray(0, pos));
    Object.assign(internals, { buffer: EMPTY, viewCache: EMPTY_VIEW, pos: 0, stackPos: [] });
    if (buffer.length <= MOST_KEPT) spare = buffer;
    return written;
  }
}

function internalsOf(writer: GrowingWriter): Internals {
  return writer as unknown as Internals;
}
