import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const END_BYTES = 22;
const MAX_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;

/**
 * Content of one file in a zip archive (PKWARE APPNOTE 6.3: the central directory at the end says where it is). Stored
 * and deflated files below 4 GB; no encryption.
 */
export function zipEntry(archive: Buffer, name: string): Buffer {
  const end = endRecord(archive);
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new Error('the zip archive is damaged');
    const nameBytes = archive.readUInt16LE(at + 28);
    if (archive.toString('utf8', at + 46, at + 46 + nameBytes) === name) return content(archive, at, name);
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`the archive has no file ${name}`);
}

function endRecord(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_BYTES - MAX_COMMENT);
  for (let at = archive.length - END_BYTES; at >= first; at--) {
    if (archive.readUInt32LE(at) === END) return at;
  }
  throw new Error('this is not a zip archive');
}

function content(archive: Buffer, central: number, name: string): Buffer {
  const method = archive.readUInt16LE(central + 10);
  const packedBytes = archive.readUInt32LE(central + 20);
  const bytes = archive.readUInt32LE(central + 24);
  const local = archive.readUInt32LE(central + 42);
  // The local header has lengths of its own; its sizes may be missing, so they come from the directory.
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedBytes);
  if (method !== STORED && method !== DEFLATED)
    throw new Error(`${name}: compression ${method} is not supported`);
  const unpacked = method === STORED ? packed : inflateRawSync(packed);
  if (unpacked.length !== bytes) throw new Error(`${name}: ${unpacked.length} bytes instead of ${bytes}`);
  return unpacked;
}
