import PDFDocument from 'pdfkit';
import type {
  CurvePoint,
  InvoiceSheet,
  SessionSheet,
  SheetGroup,
  SheetHeading,
  SheetRow,
} from '../../domain/documents/invoice-sheet.js';
import { chooseFonts } from './sheet-fonts.js';

const MARGIN = 50;
const WIDTH = 595.28 - 2 * MARGIN;
const BOTTOM = 841.89 - 70;
/** Where columns begin and how wide they are: description, quantity, unit price, VAT, amount. */
const COLUMNS = [
  [0, 230],
  [235, 75],
  [315, 85],
  [405, 35],
  [442, WIDTH - 442],
] as const;
const CURVE_HEIGHT = 90;
const HEADING_HEIGHT = 34;
const GREY = '#667085';
const LINE = '#d0d5dd';
const ACCENT = '#0b6e4f';

/** The sheet as a PDF of A4 pages. The same sheet is the same bytes: `issuedAt` is the date that stands in the file. */
export async function renderPdf(sheet: InvoiceSheet, issuedAt: Date): Promise<Buffer> {
  const pdf = new PDFDocument({
    size: 'A4',
    // None that comes along by itself: it would be read for each document.
    font: '',
    margins: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN },
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    info: { Title: sheet.title, Author: sheet.seller[0] ?? '', CreationDate: issuedAt, ModDate: issuedAt },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolve, reject) => {
    pdf.on('end', () => resolve());
    pdf.on('error', reject);
  });
  chooseFonts(pdf);
  new Drawing(pdf).sheet(sheet);
  pdf.end();
  await done;
  return Buffer.concat(chunks);
}

class Drawing {
  private y = MARGIN;

  constructor(private readonly pdf: PDFKit.PDFDocument) {}

  sheet(sheet: InvoiceSheet): void {
    this.head(sheet);
    this.table(sheet.heads, sheet.groups);
    this.totals(sheet);
    for (const session of sheet.sessions) this.session(session);
    this.footers(sheet.footer);
  }

  private head({ title, seller, buyer, buyerLabel, facts }: InvoiceSheet): void {
    this.text(seller[0] ?? '', { bold: true, size: 13, color: ACCENT });
    for (const line of seller.slice(1)) this.text(line, { size: 8.5, color: GREY });
    this.y += 22;
    const top = this.y;
    this.text(buyerLabel, { size: 8, color: GREY });
    for (const line of buyer) this.text(line, { size: 10 });
    const left = this.y;
    this.y = top;
    for (const [label, value] of facts) {
      const height = this.at(label, 300, 95, { size: 8.5, color: GREY });
      this.y += Math.max(height, this.at(value, 395, WIDTH - 395, { size: 8.5, align: 'right' })) + 3;
    }
    this.y = Math.max(left, this.y) + 24;
    this.text(title, { bold: true, size: 17 });
    this.y += 10;
  }

  private table(heads: SheetRow, groups: readonly SheetGroup[]): void {
    this.heads(heads);
    for (const { heading, rows } of groups) {
      // A heading never stands alone at the foot of a page.
      const first = rows[0] ? this.heightOf(rows[0]) : 0;
      if (heading) {
        if (this.room(HEADING_HEIGHT + first)) this.heads(heads);
        this.heading(heading);
      }
      for (const row of rows) {
        if (this.room(this.heightOf(row))) {
          this.heads(heads);
          // What goes on over the page says of which session it is.
          if (heading) this.heading({ ...heading, amount: '' });
        }
        this.row(row, { size: 8.5 });
        this.y += 4;
      }
    }
    this.rule();
  }

  private heads(heads: SheetRow): void {
    this.row(heads, { size: 8, color: GREY });
    this.rule();
  }

  private heading({ title, amount }: SheetHeading): void {
    this.y += 5;
    const height = this.at(title, 0, 400, { bold: true, size: 8.5 });
    this.y +=
      Math.max(height, this.at(amount, 405, WIDTH - 405, { bold: true, size: 8.5, align: 'right' })) + 4;
  }

  private row(row: SheetRow, style: Style): void {
    const [first = '', ...rest] = row.description.split('\n');
    let height = this.at(first, COLUMNS[0][0], COLUMNS[0][1], style);
    const cells = [row.quantity, row.unitPrice, row.vat, row.amount];
    cells.forEach((cell, index) => {
      const [x, width] = COLUMNS[index + 1]!;
      height = Math.max(height, this.at(cell, x, width, { ...style, align: 'right' }));
    });
    this.y += height;
    if (rest.length > 0) this.y += this.at(rest.join(' '), 0, COLUMNS[0][1], { size: 7, color: GREY }) + 1;
  }

  private heightOf({ description }: SheetRow): number {
    return 16 + Math.ceil(description.length / 55) * 9;
  }

  private totals({ totals, grandTotal, favour }: InvoiceSheet): void {
    this.room(20 * (totals.length + 3));
    this.y += 4;
    for (const [label, value] of totals) {
      const height = this.at(label, 200, 215, { size: 8.5, align: 'right', color: GREY });
      this.y += Math.max(height, this.at(value, 420, WIDTH - 420, { size: 8.5, align: 'right' })) + 3;
    }
    this.y += 3;
    this.at(grandTotal[0], 200, 215, { bold: true, size: 11, align: 'right' });
    this.y +=
      this.at(grandTotal[1], 420, WIDTH - 420, { bold: true, size: 11, align: 'right' }) + (favour ? 6 : 18);
    if (favour) this.y += this.at(favour, 0, WIDTH, { size: 9, align: 'right' }) + 18;
  }

  private session({ title, facts, curve, highest, times }: SessionSheet): void {
    this.room(40 + 13 * facts.length + (curve.length > 0 ? CURVE_HEIGHT + 30 : 0));
    this.text(title, { bold: true, size: 10 });
    this.y += 4;
    for (const [label, value] of facts) {
      const height = this.at(label, 0, 170, { size: 8.5, color: GREY });
      this.y += Math.max(height, this.at(value, 175, WIDTH - 175, { size: 8.5 })) + 2;
    }
    if (curve.length > 0) this.curve(curve, highest, times);
    this.y += 16;
  }

  /** Mean power over time, as steps. */
  private curve(curve: readonly CurvePoint[], highest: string, [from, to]: readonly [string, string]): void {
    this.y += 8;
    const most = Math.max(1, ...curve.map(({ powerW }) => powerW));
    const [left, width] = [MARGIN + 45, WIDTH - 45];
    const top = this.y;
    const x = (share: number) => left + share * width;
    const height = (powerW: number) => (Math.max(0, powerW) / most) * CURVE_HEIGHT;
    this.pdf.save().fillColor(ACCENT).fillOpacity(0.75);
    for (const point of curve) {
      const size = height(point.powerW);
      this.pdf.rect(
        x(point.from),
        top + CURVE_HEIGHT - size,
        Math.max(0.4, x(point.to) - x(point.from)),
        size,
      );
    }
    this.pdf.fill().restore();
    this.pdf.save().lineWidth(0.5).strokeColor(LINE);
    this.pdf
      .moveTo(left, top)
      .lineTo(left, top + CURVE_HEIGHT)
      .lineTo(left + width, top + CURVE_HEIGHT)
      .stroke();
    this.pdf.restore();
    this.at(highest, 0, 40, { size: 7, color: GREY, align: 'right' });
    this.y = top + CURVE_HEIGHT + 3;
    this.at(from, 45, 60, { size: 7, color: GREY });
    this.y += this.at(to, WIDTH - 60, 60, { size: 7, color: GREY, align: 'right' });
  }

  private footers(footer: string): void {
    const { start, count } = this.pdf.bufferedPageRange();
    for (let page = start; page < start + count; page += 1) {
      this.pdf.switchToPage(page);
      // Below the margin a text would begin a page of its own.
      this.pdf.page.margins.bottom = 0;
      this.y = BOTTOM + 25;
      this.at(footer, 0, WIDTH - 60, { size: 7, color: GREY });
      this.at(`${page - start + 1} / ${count}`, WIDTH - 60, 60, { size: 7, color: GREY, align: 'right' });
    }
  }

  /** A new page when so much does not fit on this one. */
  private room(height: number): boolean {
    if (this.y + Math.min(height, BOTTOM - MARGIN) <= BOTTOM) return false;
    this.pdf.addPage();
    this.y = MARGIN;
    return true;
  }

  private rule(): void {
    this.y += 3;
    this.pdf.save().lineWidth(0.5).strokeColor(LINE);
    this.pdf
      .moveTo(MARGIN, this.y)
      .lineTo(MARGIN + WIDTH, this.y)
      .stroke();
    this.pdf.restore();
    this.y += 5;
  }

  private text(text: string, style: Style): void {
    this.y += this.at(text, 0, WIDTH, style) + 1.5;
  }

  /** Writes at the height where the drawing stands; says how high it is. */
  private at(text: string, x: number, width: number, style: Style): number {
    if (text === '') return 0;
    const { bold = false, size, color = '#101828', align = 'left' } = style;
    this.pdf
      .font(bold ? 'bold' : 'regular')
      .fontSize(size)
      .fillColor(color);
    const left = MARGIN + x;
    const written = text.includes('\n') ? Infinity : this.pdf.widthOfString(text);
    if (written <= width) {
      // Most texts are one line: looking for where to break it takes longer than writing it.
      const from = align === 'right' ? left + width - written : left;
      this.pdf.text(text, from, this.y, { lineBreak: false });
      return this.pdf.currentLineHeight(true);
    }
    this.pdf.text(text, left, this.y, { width, align, lineBreak: true });
    // `room` was asked before: nothing is written across the end of a page.
    return this.pdf.y - this.y;
  }
}

interface Style {
  readonly size: number;
  readonly bold?: boolean;
  readonly color?: string;
  readonly align?: 'left' | 'right';
}
