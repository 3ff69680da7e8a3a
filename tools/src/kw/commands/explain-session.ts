import { KwError, wrongInput } from '../kw-error.js';
import type { Money } from '../money.js';
import { table } from '../output.js';
import type { Command } from './context.js';
import { proofText, type SignedReadingsView } from './meters.js';

export interface ExplainedSession {
  readonly id: string;
  readonly state: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly station: { readonly identity: string; readonly location: { readonly name: string } | null };
  readonly token: { readonly masked: string } | null;
  readonly energyWh: number | null;
  readonly energyStatus: string | null;
  readonly registers: { readonly beginWh: number | null; readonly endWh: number | null } | null;
  readonly meterDeviations: readonly string[] | null;
  readonly powerCurve: readonly { readonly at: string; readonly powerW: number }[] | null;
  readonly signedReadings: SignedReadingsView | null;
  readonly quote: {
    readonly id: string;
    readonly tariffName: string;
    readonly tariffVersion: number;
    readonly summary: readonly string[];
  } | null;
  readonly billingHold: string | null;
  readonly cost: {
    readonly final: boolean;
    readonly totalExclVat: Money;
    readonly totalVat: Money;
    readonly totalInclVat: Money;
    readonly lines: readonly { readonly explanation: string; readonly inclVat: Money }[];
  } | null;
  readonly invoice: { readonly number: string; readonly status: string } | null;
}

const MONEY = '{ amount currency }';
const QUERY = `query($id: ID!) { session(id: $id) { id state startedAt endedAt station { identity location { name } } token { masked }
  energyWh energyStatus registers { beginWh endWh } meterDeviations powerCurve(resolutionSeconds: 300) { at powerW }
  signedReadings { verdict reasons beginWh endWh transparencyXml records { measuredAt verdict reason meterSerial claimedKey } }
  quote { id tariffName tariffVersion summary } billingHold
  cost { final totalExclVat ${MONEY} totalVat ${MONEY} totalInclVat ${MONEY} lines { explanation inclVat ${MONEY} } }
  invoice { number status } } }`;

/** `kw session explain ID`: from the registers to the invoice on one page. */
export const explainSession: Command = async ([id], { client, output }) => {
  if (!id) throw wrongInput('which session? kw session explain ID');
  const { session } = await client.request<{ session: ExplainedSession | null }>(QUERY, { id });
  if (!session) throw new KwError('NOT_FOUND', `there is no session ${id}`);
  output.show(session, () => explanation(session));
  return 0;
};

export function explanation(session: ExplainedSession): string {
  const { station, startedAt, endedAt, token } = session;
  const place = [station.location?.name, station.identity].filter(Boolean).join(', ');
  return [
    `${session.id}  ${session.state}`,
    `${place}  ${token?.masked ?? ''}`.trimEnd(),
    `${startedAt} to ${endedAt ?? 'now'}`,
    '',
    'ENERGY',
    ...energyLines(session),
    '',
    'POWER',
    ...curveLines(session.powerCurve ?? []),
    '',
    'SIGNATURES',
    ...(session.signedReadings ? proofText(session.signedReadings) : 'not known').split('\n').map(indented),
    '',
    'PRICE',
    ...priceLines(session),
  ].join('\n');
}

function energyLines({ energyWh, energyStatus, registers, meterDeviations }: ExplainedSession): string[] {
  const kwh = (wh: number | null | undefined) => (wh == null ? '-' : `${(wh / 1000).toFixed(3)} kWh`);
  const doubts = meterDeviations ?? [];
  return [
    `  ${kwh(energyWh)} (${(energyStatus ?? 'UNKNOWN').toLowerCase()}), register ${kwh(registers?.beginWh)} to ${kwh(registers?.endWh)}`,
    ...(doubts.length > 0 ? [`  doubts: ${doubts.join(', ')}`] : []),
  ];
}

const WIDTH = 40;
const MOST_LINES = 24;

/** A bar for each step; neighbours are joined when there are more than a page shows. */
function curveLines(curve: readonly { at: string; powerW: number }[]): string[] {
  if (curve.length === 0) return ['  no readings of power'];
  const size = Math.ceil(curve.length / MOST_LINES);
  const steps: { at: string; powerW: number }[] = [];
  for (let i = 0; i < curve.length; i += size) {
    const part = curve.slice(i, i + size);
    steps.push({ at: part[0]!.at, powerW: part.reduce((sum, { powerW }) => sum + powerW, 0) / part.length });
  }
  const most = Math.max(1, ...steps.map(({ powerW }) => powerW));
  return steps.map(({ at, powerW }) => {
    const bar = '#'.repeat(Math.round((Math.max(0, powerW) / most) * WIDTH));
    return `  ${at.slice(11, 16)} ${(powerW / 1000).toFixed(1).padStart(6)} kW ${bar}`;
  });
}

function priceLines({ quote, cost, billingHold, invoice }: ExplainedSession): string[] {
  const money = ({ amount, currency }: Money) => `${amount} ${currency}`;
  return [
    ...(quote
      ? [
          `  ${quote.tariffName}, version ${quote.tariffVersion}, locked as ${quote.id}`,
          ...quote.summary.map((line) => `    ${line}`),
        ]
      : ['  no price is locked']),
    ...(cost
      ? [
          ...table(
            ['line', 'incl. VAT'],
            cost.lines.map((line) => [line.explanation, money(line.inclVat)]),
          )
            .split('\n')
            .map(indented),
          `  ${cost.final ? 'total' : 'so far'} ${money(cost.totalInclVat)} (${money(cost.totalExclVat)} and ${money(cost.totalVat)} VAT)`,
        ]
      : []),
    ...(billingHold ? [`  not billed yet: ${billingHold}`] : []),
    invoice ? `  invoice ${invoice.number} ${invoice.status}` : '  no invoice',
  ];
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
