import { type Decimal, decimal } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import type { RevenueGroup, RevenueKey, RevenuePeriod, RevenueRange, RevenueRow } from '../domain/revenue.js';

export interface RevenuePage {
  readonly limit: number;
  readonly after: RevenueKey | undefined;
}

interface Row {
  period: string;
  location_id: string;
  location_name: string;
  station_id: string;
  station_identity: string;
  currency: string;
  net: string;
  tax: string;
  credited_net: string;
  credit_notes: string;
  partner_net: string;
  fees: string;
  energy_mwh: string;
  sessions: string;
  taxes: { name: string; percent: string | null; base: string; amount: string }[];
}

const PERIODS: Readonly<Record<RevenuePeriod, string>> = {
  DAY: 'YYYY-MM-DD',
  MONTH: 'YYYY-MM',
  YEAR: 'YYYY',
};
const DEPTH: Readonly<Record<RevenueGroup, number>> = { TENANT: 0, LOCATION: 1, STATION: 2 };

/**
 * What was booked in a range of days of a calendar, by period and place. A CDR counts when the invoice or credit note it is on was
 * issued; one that waits for its collective invoice does not count yet. Fees go to the station of the session that was paid,
 * those of its chargebacks too.
 */
export async function revenueRows(
  tx: Tx,
  tenant: string,
  { from, to, by, period }: RevenueRange,
  timeZone: string,
  page: RevenuePage,
): Promise<RevenueRow[]> {
  const rows = await tx.query<Row>(
    `with bounds as (
        select ($2::date)::timestamp at time zone $4 as lower, ($3::date + 1)::timestamp at time zone $4 as upper),
      facts as (
        select i.issued_at as at, r.location_id, r.location_name, r.station_id, r.station_identity, r.currency, r.net, r.tax, r.taxes,
            case when i.kind = 'CREDIT_NOTE' then i.id end as credit_note, 0::numeric as partner_net, 0::numeric as fee, r.energy_mwh, r.sign
          from bounds, invoice i
            join invoiced_cdr d on d.tenant = i.tenant and d.invoice_id = i.id
            join cdr_revenue r on r.tenant = d.tenant and r.cdr_id = d.cdr_id
          where i.tenant = $1 and i.issued_at >= lower and i.issued_at < upper
        union all
        select r.issued_at, r.location_id, r.location_name, r.station_id, r.station_identity, r.currency, 0, 0, '[]', null, r.net, 0,
            r.energy_mwh, r.sign
          from bounds, cdr_revenue r
          where r.tenant = $1 and r.issued_at >= lower and r.issued_at < upper and (r.account_id = '' or (r.net = 0 and r.tax = 0))
            and not exists (select 1 from invoiced_cdr d where d.tenant = r.tenant and d.cdr_id = r.cdr_id)
        union all
        select p.posted_at, coalesce(r.location_id, ''), coalesce(r.location_name, ''), coalesce(r.station_id, ''),
            coalesce(r.station_identity, ''), e.currency, 0, 0, '[]', null, 0, e.amount, 0, 0
          from bounds, posting p
            join ledger_entry e on e.tenant = p.tenant and e.posting_id = p.id and e.account like 'fees:%'
            left join payment y on y.tenant = p.tenant and y.id::text = split_part(p.reference, '/', 1)
            left join lateral (select * from cdr_revenue r where r.tenant = y.tenant and r.session_id = y.session_id limit 1) r on true
          where p.tenant = $1 and p.reason = 'CARD_FEE' and p.posted_at >= lower and p.posted_at < upper),
      placed as (
        select to_char(at at time zone $4, $5) as period, case when $6 >= 1 then location_id else '' end as location_id,
            case when $6 >= 1 then location_name else '' end as location_name, case when $6 >= 2 then station_id else '' end as station_id,
            case when $6 >= 2 then station_identity else '' end as station_identity, currency, at, net, tax, taxes, credit_note, partner_net,
            fee, energy_mwh, sign
          from facts),
      sums as (
        select period, location_id, station_id, currency, (array_agg(location_name order by at desc))[1] as location_name,
            (array_agg(station_identity order by at desc))[1] as station_identity, sum(net) as net, sum(tax) as tax,
            coalesce(sum(net) filter (where credit_note is not null), 0) as credited_net, count(distinct credit_note) as credit_notes,
            sum(partner_net) as partner_net, sum(fee) as fees, sum(energy_mwh) as energy_mwh, sum(sign) as sessions
          from placed group by 1, 2, 3, 4
          having ($7::text is null or (period, location_id, station_id, currency) > ($7::text, $8::text, $9::text, $10::text))
          order by 1, 2, 3, 4 limit $11),
      rates as (
        select period, location_id, station_id, currency, t.name, t.percent, sum(t.base) as base, sum(t.amount) as amount
          from placed cross join lateral jsonb_to_recordset(taxes) as t (name text, percent numeric, base numeric, amount numeric)
          group by 1, 2, 3, 4, 5, 6)
      select s.period, s.location_id, s.location_name, s.station_id, s.station_identity, s.currency, s.net::text, s.tax::text,
          s.credited_net::text, s.credit_notes, s.partner_net::text, s.fees::text, s.energy_mwh, s.sessions,
          coalesce((select json_agg(json_build_object('name', r.name, 'percent', r.percent::text, 'base', r.base::text, 'amount', r.amount::text)
              order by r.name, r.percent)
            from rates r where (r.period, r.location_id, r.station_id, r.currency) = (s.period, s.location_id, s.station_id, s.currency)), '[]')
            as taxes
        from sums s order by s.period, s.location_id, s.station_id, s.currency`,
    [
      ...[tenant, from, to, timeZone, PERIODS[period], DEPTH[by]],
      ...(page.after ?? [null, null, null, null]),
      page.limit,
    ],
  );
  return rows.map(toRow);
}

function toRow(row: Row): RevenueRow {
  const exact = (text: string | null): Decimal | null => (text === null ? null : decimal(text));
  return {
    period: row.period,
    locationId: row.location_id,
    locationName: row.location_name,
    stationId: row.station_id,
    stationIdentity: row.station_identity,
    currency: row.currency,
    net: decimal(row.net),
    tax: decimal(row.tax),
    creditedNet: decimal(row.credited_net),
    creditNotes: Number(row.credit_notes),
    partnerNet: decimal(row.partner_net),
    providerFees: decimal(row.fees),
    energyMwh: Number(row.energy_mwh),
    sessions: Number(row.sessions),
    taxes: row.taxes.map(({ name, percent, base, amount }) => ({
      name,
      percent: exact(percent),
      base: decimal(base),
      amount: decimal(amount),
    })),
  };
}
