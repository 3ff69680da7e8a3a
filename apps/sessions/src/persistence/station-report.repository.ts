import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import { addPage, isComplete, NO_PAGES, type ReportPages } from '../domain/report-pages.js';

export type ReportKind = 'SETTINGS' | 'MONITORS';

export interface ReportRow {
  readonly kind: ReportKind;
  readonly request_id: number;
  readonly pages: ReportPages['pages'];
  readonly last_page: number | null;
  readonly first_at: Date;
  readonly latest_at: Date;
  readonly complete_at: Date | null;
}

export interface ReportId {
  readonly stationId: string;
  readonly kind: ReportKind;
  readonly requestId: number;
}

const MOST_SHOWN = 5;

/** Which pages of which report came. */
@Injectable()
export class StationReportRepository {
  /** True when every page is there now: this one, or those before it, completed the report. */
  async addPage(
    tx: Tx,
    tenant: string,
    id: ReportId,
    page: { readonly seqNo: number; readonly last: boolean },
    at: Date,
  ): Promise<boolean> {
    const report = addPage(await this.find(tx, tenant, id), page.seqNo, page.last);
    await this.save(tx, tenant, id, report, at);
    return isComplete(report);
  }

  /** Locks the report, so that its pages are counted one after the other. */
  private async find(tx: Tx, tenant: string, { stationId, kind, requestId }: ReportId): Promise<ReportPages> {
    tx.lock(`report|${tenant}/${stationId}/${kind}/${requestId}`);
    const [row] = await tx.query<ReportRow>(
      `SELECT pages, last_page FROM station_report
       WHERE tenant = $1 AND station_id = $2 AND kind = $3 AND request_id = $4`,
      [tenant, stationId, kind, requestId],
    );
    return row ? { pages: row.pages, lastPage: row.last_page } : NO_PAGES;
  }

  private async save(tx: Tx, tenant: string, id: ReportId, report: ReportPages, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO station_report AS held
         (tenant, station_id, kind, request_id, pages, last_page, first_at, latest_at, complete_at)
       VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $7, $8)
       ON CONFLICT ON CONSTRAINT station_report_pk DO UPDATE SET pages = excluded.pages,
         last_page = excluded.last_page, latest_at = excluded.latest_at,
         complete_at = coalesce(held.complete_at, excluded.complete_at)`,
      [
        tenant,
        id.stationId,
        id.kind,
        id.requestId,
        JSON.stringify(report.pages),
        report.lastPage,
        at,
        isComplete(report) ? at : null,
      ],
    );
  }

  /** Latest first. */
  list(tx: Tx, tenant: string, stationId: string): Promise<ReportRow[]> {
    return tx.query<ReportRow>(
      `SELECT kind, request_id, pages, last_page, first_at, latest_at, complete_at FROM station_report
       WHERE tenant = $1 AND station_id = $2 ORDER BY first_at DESC, request_id DESC LIMIT ${MOST_SHOWN}`,
      [tenant, stationId],
    );
  }
}
