/** As much of fontkit as documents need; it comes with pdfkit. */
declare module 'fontkit' {
  export interface Glyph {
    readonly id: number;
  }
  export interface Subset {
    readonly glyphs: readonly number[];
    encode(): Uint8Array;
  }
  export interface Font {
    createSubset(): Subset;
    getGlyph(id: number, ...rest: readonly unknown[]): Glyph;
  }
  export function openSync(file: string): Font;
}
