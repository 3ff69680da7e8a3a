import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import { openSync, type Font, type Glyph, type Subset } from 'fontkit';

/** They have the letters of all of Europe; what is not used of them is not in the file. */
const resolve = createRequire(import.meta.url).resolve;
/** So many documents share where the letters of their words stand (labels, units, names of places); then it is forgotten. */
const DOCUMENTS_OF_WORDS = 500;

/**
 * Letters that are in the file of every document, so that what is in it of the fonts is put together and compressed once: doing that
 * anew for the letters of each took more than half of the time of a document. Blank last: of the words before it none is a ligature.
 */
const COMMON_LETTERS = `${String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 0x21 + i))}ÄÖÜßäöüéèëïáóç€·×–—’°§\u00a0 `;

/** pdfkit takes an open font as it takes the name of a file; its types do not know that. */
interface SheetFonts {
  readonly regular: string;
  readonly bold: string;
}
type Style = keyof SheetFonts;

let opened: SheetFonts | undefined;
let words: Record<Style, object> = { regular: {}, bold: {} };
let documents = 0;

/** The fonts of all documents of this process, read when the first is made: reading them took most of the time of a document. */
function sheetFonts(): SheetFonts {
  opened ??= {
    regular: openFont('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    bold: openFont('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  };
  return opened;
}

function openFont(file: string): string {
  const font = openSync(resolve(file));
  rememberGlyphs(font);
  rememberSubset(font);
  return font as unknown as string;
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

/** What a document embeds of a font, compressed already (`embedCommon`). */
function rememberSubset(font: Font): void {
  const createSubset = font.createSubset.bind(font);
  let common: { readonly glyphs: string; readonly file: Buffer } | undefined;
  font.createSubset = () => {
    const subset: Subset = createSubset();
    const encode = subset.encode.bind(subset);
    subset.encode = () => {
      // Before encoding: that adds the parts of which letters are made.
      const glyphs = subset.glyphs.join();
      if (common?.glyphs === glyphs) return common.file;
      const file = deflateSync(encode());
      common ??= { glyphs, file };
      return file;
    };
    return subset;
  };
}

/** What pdfkit knows of a font that it has opened for one document; its types do not tell. */
interface OpenedFont {
  layoutCache: object;
  encode: (text: string) => unknown;
  embed: () => unknown;
}

/** Chooses both fonts for a document, with the letters and words that documents have in common. */
export function chooseFonts(pdf: PDFKit.PDFDocument): void {
  const fonts = sheetFonts();
  if (documents++ % DOCUMENTS_OF_WORDS === 0)
    words = { regular: Object.create(null) as object, bold: Object.create(null) as object };
  for (const style of ['regular', 'bold'] as const) {
    pdf.registerFont(style, fonts[style]);
    embedCommon(pdf.font(style), words[style]);
  }
}

/** Takes the common letters into the document, in their order, before any other. The font is the one that was chosen last. */
function embedCommon(pdf: PDFKit.PDFDocument, layoutCache: object): void {
  const document = pdf as unknown as { _font: OpenedFont; ref: (data?: object) => unknown };
  const font = document._font;
  font.layoutCache = layoutCache;
  font.encode(COMMON_LETTERS);
  const embed = font.embed.bind(font);
  font.embed = () => {
    const ref = document.ref.bind(document);
    // The first object is the font's file. That it is compressed has to be said before it is written.
    document.ref = (data) => {
      document.ref = ref;
      return ref({ ...data, Filter: 'FlateDecode' });
    };
    return embed();
  };
}
