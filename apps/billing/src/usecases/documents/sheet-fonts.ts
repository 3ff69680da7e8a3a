import { createRequire } from 'node:module';
import { openSync, type Font, type Glyph, type GlyphRun } from 'fontkit';
import { LRUCache } from 'lru-cache';

/** They have the letters of all of Europe; what is not used of them is not in the file. */
const resolve = createRequire(import.meta.url).resolve;
/** Words that documents have in common: labels, units, names of places. */
const MOST_WORDS = 5_000;

/** pdfkit takes an open font as it takes the name of a file; its types do not know that. */
interface SheetFonts {
  readonly regular: string;
  readonly bold: string;
}

let opened: SheetFonts | undefined;

/** The fonts of all documents of this process, read when the first is made: reading them took most of the time of a document. */
export function sheetFonts(): SheetFonts {
  opened ??= {
    regular: openFont('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    bold: openFont('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  };
  return opened;
}

function openFont(file: string): string {
  const font = openSync(resolve(file));
  rememberWords(font);
  rememberGlyphs(font);
  return font as unknown as string;
}

function rememberWords(font: Font): void {
  const words = new LRUCache<string, GlyphRun>({ max: MOST_WORDS });
  const layOut = font.layout.bind(font);
  font.layout = (text, ...how) => {
    if (how[0] !== undefined) return layOut(text, ...how);
    const run = words.get(text) ?? layOut(text);
    words.set(text, run);
    // pdfkit writes into the positions.
    return Object.create(run, {
      positions: { value: run.positions.map((position) => ({ ...position })) },
    }) as GlyphRun;
  };
}

/** What fontkit reads of a glyph each time that a document takes it in. It keeps the glyphs themselves. */
interface ReadGlyph extends Glyph {
  _decode?: () => unknown;
}

function rememberGlyphs(font: Font): void {
  const getGlyph = font.getGlyph.bind(font);
  const known = new WeakSet<Glyph>();
  font.getGlyph = (id, ...rest) => {
    const glyph = getGlyph(id, ...rest) as ReadGlyph;
    const decode = glyph._decode?.bind(glyph);
    if (decode && !known.has(glyph)) {
      let read: unknown;
      glyph._decode = () => (read ??= decode());
    }
    known.add(glyph);
    return glyph;
  };
}
