import { BinaryWriter as GrowingWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timestamp } from './generated/google/protobuf/timestamp.js';
import { BinaryReader, BinaryWriter } from './wire.js';

type Write = (writer: GrowingWriter) => unknown;

const some: fc.Arbitrary<Write> = fc.oneof(
  fc.string({ unit: 'grapheme' }).map(
    (text): Write =>
      (writer) =>
        writer.uint32(10).string(text),
  ),
  fc.string({ unit: 'binary', minLength: 300, maxLength: 2_000 }).map(
    (text): Write =>
      (writer) =>
        writer.uint32(18).string(text),
  ),
  fc.double().map(
    (number): Write =>
      (writer) =>
        writer.uint32(25).double(number),
  ),
  fc.uint8Array().map(
    (bytes): Write =>
      (writer) =>
        writer.uint32(34).bytes(bytes),
  ),
  fc.uint8Array({ minLength: 100, maxLength: 300 }).map(
    (bytes): Write =>
      (writer) =>
        writer.uint32(50).fork().uint32(10).bytes(bytes).join(),
  ),
  fc.date({ noInvalidDate: true }).map((at): Write => (writer) => {
    const seconds = Math.trunc(at.getTime() / 1_000);
    Timestamp.encode({ seconds, nanos: 7 }, writer.uint32(42).fork() as BinaryWriter).join();
  }),
);

describe('a writer of messages', () => {
  it('writes what the library writes, whatever was written before it and beside it', () => {
    const messages = fc.array(fc.array(some), { maxLength: 20 });
    fc.assert(
      fc.property(messages, fc.boolean(), (each, sideBySide) => {
        const of = (writer: GrowingWriter, writes: readonly Write[]) => {
          writes.forEach((write) => write(writer));
          return writer;
        };
        const wanted = each.map((writes) => of(new GrowingWriter(), writes).finish());
        const writers = sideBySide ? each.map((writes) => of(new BinaryWriter(), writes)) : [];
        const written = each.map((writes, i) => (writers[i] ?? of(new BinaryWriter(), writes)).finish());
        expect(written.map((bytes) => [...bytes])).toEqual(wanted.map((bytes) => [...bytes]));
      }),
    );
  });

  it('may be used again, and does not touch what it gave away', () => {
    const writer = new BinaryWriter();
    const first = writer.uint32(9).double(1).finish();
    const other = new BinaryWriter().uint32(9).double(2);
    const second = writer.uint32(9).double(3).finish();
    const read = (bytes: Uint8Array) => {
      const reader = new BinaryReader(bytes);
      reader.uint32();
      return reader.double();
    };
    expect([first, other.finish(), second].map(read)).toEqual([1, 2, 3]);
  });

  it('that fails midway leaves nothing behind', () => {
    expect(() => new BinaryWriter().uint32(10).string('of one that failed').uint32(-1)).toThrow();
    expect([...new BinaryWriter().uint32(8).bool(true).finish()]).toEqual([8, 1]);
  });

  it('takes the buffer of the one before it, unless that was very large', () => {
    const grown = (writer: GrowingWriter) => (writer as unknown as { buffer: Uint8Array }).buffer;
    const before = new BinaryWriter().bytes(new Uint8Array(5_000));
    const buffer = grown(before);
    before.finish();
    const next = new BinaryWriter();
    expect(grown(next)).toBe(buffer);
    next.bytes(new Uint8Array(300_000)).finish();
    expect(grown(new BinaryWriter()).length).toBe(0);
  });
});
