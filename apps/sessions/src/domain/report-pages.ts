/**
 * Pages of one report (NotifyReport, NotifyMonitoringReport; 2.0.1 use cases B07, B08, N02). They may come twice and in any
 * order; the report is complete when every page from 0 to the last is there.
 */
import { addSeqNo, seqGapCount, type SeqRanges } from './seq-numbers.js';

export interface ReportPages {
  readonly pages: SeqRanges;
  /** Number of the page that said it is the last. */
  readonly lastPage: number | null;
}

export const NO_PAGES: ReportPages = { pages: [], lastPage: null };

export function addPage(report: ReportPages, seqNo: number, last: boolean): ReportPages {
  const pages = addSeqNo(report.pages, Math.max(0, seqNo));
  const lastPage = last ? Math.max(seqNo, report.lastPage ?? 0) : report.lastPage;
  return { pages, lastPage };
}

/** Pages that must exist and did not come. */
export function missingPages({ pages, lastPage }: ReportPages): number {
  const reachesLast = lastPage === null ? pages : addSeqNo(pages, lastPage);
  const gaps = seqGapCount(reachesLast);
  return reachesLast === pages ? gaps : gaps + 1;
}

export function isComplete(report: ReportPages): boolean {
  return report.lastPage !== null && missingPages(report) === 0;
}
