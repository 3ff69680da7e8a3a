import { csvRows } from '../csv-rows.js';
import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { readInput } from '../read-input.js';
import { timeOf } from '../time-of.js';
import type { CommandContext } from './context.js';

export interface FeedRow {
  readonly source: string;
  readonly area: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly publishMinute: number;
  readonly alertMinute: number;
  readonly answeredAt: string | null;
  readonly dueAt: string | null;
  readonly attempts: number;
  readonly failure: string | null;
}

export interface FeedPricesView {
  readonly stretches: readonly {
    readonly start: string;
    readonly end: string;
    readonly value: string;
    readonly unit: string;
  }[];
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
}

const USAGE =
  'kw feeds list | add SOURCE AREA CURRENCY [published=HH:MM] [missed=HH:MM] | try SOURCE AREA | prices SOURCE AREA [HOURS] | remove SOURCE AREA | record NAME UNIT FILE.csv';
const ROW = 'source area currency timeZone publishMinute alertMinute answeredAt dueAt attempts failure';
const MOST_HOURS = 31 * 24;

/** `kw feeds`: where market prices come from, what they are, and curves of one's own. */
export async function feeds(
  [action = 'list', ...args]: readonly string[],
  context: CommandContext,
): Promise<number> {
  switch (action) {
    case 'list':
      return list(context);
    case 'add':
      return add(args, context);
    case 'try':
      return tryNow(args, context);
    case 'prices':
      return prices(args, context);
    case 'remove':
      return remove(args, context);
    case 'record':
      return record(args, context);
    default:
      throw wrongInput(USAGE);
  }
}

async function list({ client, output }: CommandContext): Promise<number> {
  const rows = await allFeeds(client);
  output.show(rows, () => feedsText(rows));
  return 0;
}

/** The first 100. */
async function allFeeds(client: CommandContext['client']): Promise<FeedRow[]> {
  const { priceFeeds } = await client.request<{ priceFeeds: { edges: { node: FeedRow }[] } }>(
    `{ priceFeeds(first: 100) { edges { node { ${ROW} } } } }`,
  );
  return priceFeeds.edges.map(({ node }) => node);
}

async function add(
  [source, area, currency, ...hours]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (!source || !area || !currency) throw wrongInput(USAGE);
  return set(context, {
    source: source.toUpperCase(),
    area,
    currency: currency.toUpperCase(),
    ...Object.fromEntries(hours.map(hourOf)),
  });
}

/** Saved as it is, it is asked at once. */
async function tryNow([source, area]: readonly string[], context: CommandContext): Promise<number> {
  if (!source || !area) throw wrongInput(USAGE);
  const held = (await allFeeds(context.client)).find(
    (one) => one.source === source.toUpperCase() && one.area === area,
  );
  if (!held) throw wrongInput(`${source} ${area} is not asked: kw feeds add`);
  const { currency, timeZone, publishMinute, alertMinute } = held;
  return set(context, { source: held.source, area, currency, timeZone, publishMinute, alertMinute });
}

async function set({ client, output }: CommandContext, input: Record<string, unknown>): Promise<number> {
  const { setPriceFeed } = await client.request<{ setPriceFeed: { feed: FeedRow } }>(
    `mutation($input: SetPriceFeedInput!) { setPriceFeed(input: $input) { feed { ${ROW} } } }`,
    { input },
  );
  const { feed } = setPriceFeed;
  output.show(feed, () => `${feed.source} ${feed.area} is asked now; kw feeds list says how that went`);
  return 0;
}

async function prices(
  [source, area, hours = '24']: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (!source || !area || !/^\d{1,3}$/.test(hours) || Number(hours) < 1 || Number(hours) > MOST_HOURS)
    throw wrongInput(USAGE);
  const from = new Date();
  from.setUTCMinutes(0, 0, 0);
  const to = new Date(from.getTime() + Number(hours) * 3_600_000);
  const { feedPrices } = await client.request<{ feedPrices: FeedPricesView }>(
    `query($source: CurveSource!, $area: String!, $from: DateTime!, $to: DateTime!) {
      feedPrices(source: $source, area: $area, from: $from, to: $to) {
        stretches { start end value unit } gaps { from to } } }`,
    { source: source.toUpperCase(), area, from: from.toISOString(), to: to.toISOString() },
  );
  output.show(feedPrices, () => pricesText(feedPrices));
  return 0;
}

async function remove(
  [source, area]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (!source || !area) throw wrongInput(USAGE);
  const input = { source: source.toUpperCase(), area };
  await client.request(
    'mutation($input: RemovePriceFeedInput!) { removePriceFeed(input: $input) { removed } }',
    { input },
  );
  output.show({ removed: input }, () => `${input.source} ${area} is asked no more; what it said stays`);
  return 0;
}

async function record(
  [name, unit, file]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (!name || !unit || !file) throw wrongInput(USAGE);
  const stretches = csvRows(readInput(file), ['start', 'end', 'value']).map(({ start, end, value }) => ({
    start: timeOf(start ?? ''),
    end: timeOf(end ?? ''),
    value,
  }));
  const { recordCurve } = await client.request<{ recordCurve: { changed: number } }>(
    'mutation($input: RecordCurveInput!) { recordCurve(input: $input) { changed } }',
    { input: { name, unit, stretches } },
  );
  const { changed } = recordCurve;
  output.show(recordCurve, () => `${changed} of ${stretches.length} stretches are new or another`);
  return 0;
}

function hourOf(assignment: string): [string, number] {
  const [, name, hours, minutes] = /^(published|missed)=(\d{1,2}):(\d{2})$/.exec(assignment) ?? [];
  if (!name) throw wrongInput(`${assignment} is no hour: ${USAGE}`);
  return [name === 'published' ? 'publishMinute' : 'alertMinute', Number(hours) * 60 + Number(minutes)];
}

export function feedsText(rows: readonly FeedRow[]): string {
  if (rows.length === 0) return 'no market is asked: kw feeds add';
  return table(
    ['source', 'area', 'currency', 'state', 'answered', 'asked again'],
    rows.map((row) => [
      row.source,
      row.area,
      row.currency,
      stateOf(row),
      row.answeredAt ?? 'never',
      row.dueAt ?? '-',
    ]),
  );
}

function stateOf({ failure, attempts, answeredAt }: FeedRow): string {
  if (failure !== null) return `fails (${failure}, ${attempts} times)`;
  if (answeredAt === null) return 'not answered yet';
  return attempts > 0 ? 'incomplete' : 'complete';
}

export function pricesText({ stretches, gaps }: FeedPricesView): string {
  const missing = gaps.map(({ from, to }) => `nothing is known from ${from} to ${to}`);
  if (stretches.length === 0) return missing.join('\n');
  return [
    table(
      ['from', 'to', 'value', 'unit'],
      stretches.map(({ start, end, value, unit }) => [start, end, value, unit]),
    ),
    ...missing,
  ].join('\n');
}
