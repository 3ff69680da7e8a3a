const BLOCK = 512;
const PAX_TYPES = new Set(['x', 'g', 'L']);

/**
 * Content of one file in an uncompressed tar archive. Reads the plain ustar headers npm writes; a long name in an
 * extension header is not followed.
 */
export function tarEntry(archive: Buffer, name: string): Buffer {
  let at = 0;
  while (at + BLOCK <= archive.length && archive[at] !== 0) {
    const size = Number.parseInt(text(archive, at + 124, 12).trim(), 8);
    const prefix = text(archive, at + 345, 155);
    const path = text(archive, at, 100);
    const type = String.fromCharCode(archive[at + 156] ?? 0);
    const start = at + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > archive.length) break;
    if (!PAX_TYPES.has(type) && (prefix === '' ? path : `${prefix}/${path}`) === name) {
      return archive.subarray(start, start + size);
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error(`the archive has no file ${name}`);
}

function text(archive: Buffer, at: number, length: number): string {
  const field = archive.toString('latin1', at, at + length);
  const end = field.indexOf('\0');
  return end === -1 ? field : field.slice(0, end);
}
