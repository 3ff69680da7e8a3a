import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tarEntry } from './tar-entry.js';
import { zipEntry } from './zip-entry.js';

interface File {
  readonly name: string;
  readonly content: Buffer;
}

function tar(files: readonly File[]): Buffer {
  const blocks = files.flatMap(({ name, content }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(content.length.toString(8).padStart(11, '0'), 124);
    header.write('0', 156);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function zip(files: readonly File[], deflate: boolean, comment = ''): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const { name, content } of files) {
    const packed = deflate ? deflateRawSync(content) : content;
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(deflate ? 8 : 0, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(content.length, 24);
    central.writeUInt16LE(Buffer.byteLength(name), 28);
    central.writeUInt32LE(Buffer.concat(locals).length, 42);
    directory.push(central, Buffer.from(name));
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    // The extra field of the local header is one the directory does not have, as zip tools do.
    local.writeUInt16LE(4, 28);
    locals.push(local, Buffer.from(name), Buffer.alloc(4), packed);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(locals).length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, ...directory, end, Buffer.from(comment)]);
}

const files = fc
  .uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z]{1,20}(\/[a-z]{1,20})?$/),
      content: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 5 },
  )
  .filter((all) => all.length > 0);

describe('archives', () => {
  it('give back every file of a tar archive', () => {
    fc.assert(
      fc.property(files, (all) => {
        const archive = tar(all);
        for (const { name, content } of all) expect(tarEntry(archive, name).equals(content)).toBe(true);
      }),
    );
  });

  it('give back every file of a zip archive, stored or deflated, with a comment or without', () => {
    fc.assert(
      fc.property(files, fc.boolean(), fc.stringMatching(/^[a-z]{0,40}$/), (all, deflate, comment) => {
        const archive = zip(all, deflate, comment);
        for (const { name, content } of all) expect(zipEntry(archive, name).equals(content)).toBe(true);
      }),
    );
  });

  it('say when a file is not there, or the archive is none', () => {
    const one = [{ name: 'a', content: Buffer.from('x') }];
    expect(() => tarEntry(tar(one), 'b')).toThrow(/no file b/);
    expect(() => zipEntry(zip(one, true), 'b')).toThrow(/no file b/);
    expect(() => zipEntry(Buffer.alloc(100), 'a')).toThrow(/not a zip/);
    expect(() => zipEntry(Buffer.from('short'), 'a')).toThrow(/not a zip/);
    expect(() => tarEntry(Buffer.from('short'), 'a')).toThrow(/no file a/);
  });
});
