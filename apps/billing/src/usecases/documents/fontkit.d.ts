/** As much of fontkit as documents need; it comes with pdfkit. */
declare module 'fontkit' {
  export interface Glyph {
    readonly id: number;
  }
  export interface GlyphRun {
    readonly positions: readonly object[];
  }
  export interface Font {
    layout(text: string, ...how: readonly unknown[]): GlyphRun;
    getGlyph(id: number, ...rest: readonly unknown[]): Glyph;
  }
  export function openSync(file: string): Font;
}
