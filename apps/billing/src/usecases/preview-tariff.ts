import { Injectable } from '@nestjs/common';
import { decimal, invalid, isAppError, ZERO, type Decimal } from '@kilowatch/kernel';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import { tariffDocument, type TariffRequest } from '@kilowatch/pricing';
import { lockQuote, priceCourse, tariffOfQuote } from '../domain/quote.js';
import { revivedCourse } from '../domain/session-course.js';
import { cdrsIssuedIn, type CdrRecord } from '../persistence/cdr.repository.js';
import { sha256 } from './sha256.js';

export interface TariffPreview {
  readonly currency: string;
  readonly sessions: number;
  /** In another currency, credited, or at a time the tariff is not for. */
  readonly skipped: number;
  readonly billedIncl: Decimal;
  readonly previewIncl: Decimal;
  readonly cheaper: number;
  readonly dearer: number;
  /** Those that change most, dearest change first. */
  readonly examples: readonly {
    readonly sessionId: string;
    readonly billedIncl: Decimal;
    readonly previewIncl: Decimal;
  }[];
  /** There were more than are looked at. */
  readonly truncated: boolean;
}

export interface PreviewRange {
  readonly from: Date;
  readonly to: Date;
  readonly locationId?: string | null;
}

const PAGE = 200;
/** Some 1 ms each. */
const MOST = 5_000;
const LONGEST_MS = 92 * 86_400_000;
const EXAMPLES = 10;

/** What the sessions of a past time would have cost under a tariff that is not applied yet. Nothing is stored. */
@Injectable()
export class PreviewTariff {
  constructor(private readonly database: Database) {}

  /** Throws INVALID for a bad tariff or range. */
  async run({ tenant }: Principal, request: TariffRequest, range: PreviewRange): Promise<TariffPreview> {
    const { from, to, locationId } = range;
    if (to <= from) throw invalid('BILLING_PREVIEW_RANGE', 'The time must end after it begins.');
    if (to.getTime() - from.getTime() > LONGEST_MS)
      throw invalid('BILLING_PREVIEW_RANGE', 'At most 92 days at a time.');
    const { document } = tariffDocument(request);
    const tally = new Tally(request.currency);
    for (let offset = 0; offset < MOST; offset += PAGE) {
      const { rows, total } = await this.database.read(tenantScope(tenant), (tx) =>
        cdrsIssuedIn(tx, tenant, { from, to, offset, limit: PAGE, standing: true }),
      );
      for (const cdr of rows) {
        if (locationId && cdr.snapshot.locationId !== locationId) continue;
        tally.add(cdr, priced(cdr, document, request.currency));
      }
      if (offset + rows.length >= total || rows.length === 0) break;
      tally.truncated = offset + PAGE >= MOST;
    }
    return tally.result();
  }
}

/** Undefined: the tariff says nothing about such a session. */
function priced(
  { document: cdr, course }: CdrRecord,
  document: unknown,
  currency: string,
): Decimal | undefined {
  if (cdr.currency !== currency || cdr.credit) return undefined;
  const request = { id: cdr.quoteId, document, tariffVersion: 1, timeZone: cdr.timeZone };
  try {
    const quote = lockQuote({ ...request, now: new Date(cdr.start) }, sha256);
    const { idleGraceMinutes } = tariffOfQuote(quote, sha256);
    return priceCourse(quote, { ...revivedCourse(course), idleGraceMinutes }, sha256).total.incl;
  } catch (error) {
    if (isAppError(error) && error.code === 'BILLING_TARIFF_NOT_VALID_NOW') return undefined;
    throw error;
  }
}

class Tally {
  truncated = false;
  private sessions = 0;
  private skipped = 0;
  private billed = ZERO;
  private preview = ZERO;
  private cheaper = 0;
  private dearer = 0;
  private examples: { sessionId: string; billedIncl: Decimal; previewIncl: Decimal }[] = [];

  constructor(private readonly currency: string) {}

  add({ sessionId, document }: CdrRecord, previewIncl: Decimal | undefined): void {
    if (previewIncl === undefined) {
      this.skipped += 1;
      return;
    }
    const billedIncl = decimal(document.total.incl);
    this.sessions += 1;
    this.billed = this.billed.plus(billedIncl);
    this.preview = this.preview.plus(previewIncl);
    if (previewIncl.lt(billedIncl)) this.cheaper += 1;
    if (previewIncl.gt(billedIncl)) this.dearer += 1;
    if (!previewIncl.eq(billedIncl)) {
      const change = (one: { billedIncl: Decimal; previewIncl: Decimal }) =>
        one.previewIncl.minus(one.billedIncl).abs();
      this.examples = [...this.examples, { sessionId, billedIncl, previewIncl }]
        .sort((a, b) => change(b).cmp(change(a)))
        .slice(0, EXAMPLES);
    }
  }

  result(): TariffPreview {
    return {
      currency: this.currency,
      sessions: this.sessions,
      skipped: this.skipped,
      billedIncl: this.billed,
      previewIncl: this.preview,
      cheaper: this.cheaper,
      dearer: this.dearer,
      examples: this.examples,
      truncated: this.truncated,
    };
  }
}
