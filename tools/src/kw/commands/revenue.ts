import { wrongInput } from '../kw-error.js';
import type { Money } from '../money.js';
import { table } from '../output.js';
import { saveFile } from '../save-file.js';
import type { CommandContext } from './context.js';

export interface RevenueRow {
  readonly period: string;
  readonly location: { readonly name: string } | null;
  readonly station: { readonly name: string } | null;
  readonly net: Money;
  readonly tax: Money;
  readonly creditedNet: Money;
  readonly partnerNet: Money;
  readonly providerFees: Money;
  readonly energyWh: number;
  readonly sessions: number;
}

interface Page {
  readonly revenue: {
    readonly edges: readonly { readonly node: RevenueRow }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const USAGE = 'kw revenue FROM TO [tenant|location|station] [day|month|year] [FILE.csv]';
const GROUPS = ['tenant', 'location', 'station'];
const PERIODS = ['day', 'month', 'year'];
const MOST = 100;
const MOST_PAGES = 20;
const FIELDS = `period location { name } station { name } net { amount currency } tax { amount currency } creditedNet { amount currency }
  partnerNet { amount currency } providerFees { amount currency } energyWh sessions`;

/** `kw revenue`: what was earned from FROM to TO (days, both inclusive), as a table or a file. Operators. */
export async function revenue(args: readonly string[], { client, output }: CommandContext): Promise<number> {
  const [from, to, ...options] = args;
  if (!from || !to) throw wrongInput(USAGE);
  const by = options.find((option) => GROUPS.includes(option)) ?? 'location';
  const period = options.find((option) => PERIODS.includes(option)) ?? 'month';
  const rest = options.filter((option) => option !== by && option !== period);
  if (rest.length > 1 || rest.some((file) => !file.endsWith('.csv'))) throw wrongInput(USAGE);
  const input = { from, to, by: by.toUpperCase(), period: period.toUpperCase() };
  const [file] = rest;
  if (file !== undefined) {
    const { revenueFile } = await client.request<{ revenueFile: { content: string } }>(
      'query($input: RevenueInput!) { revenueFile(input: $input) { content } }',
      { input },
    );
    saveFile(output, file, revenueFile.content);
    return 0;
  }
  const rows: RevenueRow[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found: Page = await client.request<Page>(
      `query($input: RevenueInput!, $after: String) { revenue(input: $input, first: ${MOST}, after: $after) {
        edges { node { ${FIELDS} } } pageInfo { hasNextPage endCursor } } }`,
      { input, after },
    );
    rows.push(...found.revenue.edges.map(({ node }) => node));
    if (!found.revenue.pageInfo.hasNextPage) {
      output.show(rows, () => revenueText(rows));
      return 0;
    }
    after = found.revenue.pageInfo.endCursor;
  }
  throw wrongInput(`more than ${MOST * MOST_PAGES} rows: ask for fewer days, or for a file: ${USAGE}`);
}

export function revenueText(rows: readonly RevenueRow[]): string {
  if (rows.length === 0) return 'nothing was billed in these days';
  return table(
    ['period', 'place', 'net', 'tax', 'of it credited', 'by partners', 'fees', 'kWh', 'sessions', ''],
    rows.map((row) => [
      row.period,
      [row.location?.name, row.station?.name].filter(Boolean).join(', ') || 'all',
      row.net.amount,
      row.tax.amount,
      row.creditedNet.amount,
      row.partnerNet.amount,
      row.providerFees.amount,
      (row.energyWh / 1000).toFixed(1),
      String(row.sessions),
      row.net.currency,
    ]),
  );
}
