import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { readInput } from '../read-input.js';
import type { CommandContext } from './context.js';
import { findStation } from './find-station.js';

export interface MeterKeyRow {
  readonly id: string;
  readonly evseNumber: number;
  readonly serial: string;
  readonly curve: string;
  readonly fingerprint: string;
  readonly validFrom: string;
  readonly validUntil: string | null;
}

export interface SignedReadingsView {
  readonly verdict: string;
  readonly reasons: readonly string[];
  readonly beginWh: number | null;
  readonly endWh: number | null;
  readonly records: readonly {
    readonly measuredAt: string;
    readonly verdict: string;
    readonly reason: string | null;
    readonly meterSerial: string | null;
    readonly claimedKey: string | null;
  }[];
  readonly transparencyXml: string | null;
}

const KEY = 'id evseNumber serial curve fingerprint validFrom validUntil';
const USAGE =
  'kw meters list STATION | add STATION KEY-FILE [evse=N] [serial=TEXT] [curve=NAME] [from=TIME] [note=TEXT] | end ID [TIME] | proof SESSION [xml]';

/** `kw meters list|add|end|proof`: public keys of meters, and what the signed readings of a session are worth. */
export async function meters(
  [action = '', ...args]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (action === 'list') return list(context, args[0]);
  if (action === 'add') return add(context, args);
  if (action === 'end') return end(context, args);
  if (action === 'proof') return proof(context, args);
  throw wrongInput(USAGE);
}

async function list({ client, output }: CommandContext, station: string | undefined): Promise<number> {
  if (!station) throw wrongInput(USAGE);
  const { meterKeys } = await client.request<{ meterKeys: MeterKeyRow[] }>(
    `query($id: ID!) { meterKeys(stationId: $id) { ${KEY} } }`,
    { id: await findStation(client, station) },
  );
  output.show(meterKeys, () => meterKeysText(meterKeys));
  return 0;
}

async function add(
  { client, output }: CommandContext,
  [station, file, ...assignments]: readonly string[],
): Promise<number> {
  if (!station || !file) throw wrongInput(USAGE);
  const wanted = wantedKey(assignments);
  const publicKey = readInput(file).trim();
  const { registerMeterKey } = await client.request<{ registerMeterKey: { key: MeterKeyRow } }>(
    `mutation($input: RegisterMeterKeyInput!) { registerMeterKey(input: $input) { key { ${KEY} } } }`,
    { input: { stationId: await findStation(client, station), publicKey, ...wanted } },
  );
  const { key } = registerMeterKey;
  output.show(
    key,
    () => `${key.id} counts from ${key.validFrom}; compare its fingerprint: ${key.fingerprint}`,
  );
  return 0;
}

async function end({ client, output }: CommandContext, [id, until]: readonly string[]): Promise<number> {
  if (!id) throw wrongInput(USAGE);
  const { endMeterKey } = await client.request<{ endMeterKey: { key: MeterKeyRow } }>(
    `mutation($input: EndMeterKeyInput!) { endMeterKey(input: $input) { key { ${KEY} } } }`,
    { input: { id, ...(until === undefined ? {} : { until: timeOf(until) }) } },
  );
  const { key } = endMeterKey;
  output.show(key, () => `${key.id} counts until ${key.validUntil ?? ''}`);
  return 0;
}

async function proof(
  { client, output }: CommandContext,
  [sessionId, form]: readonly string[],
): Promise<number> {
  if (!sessionId || (form !== undefined && form !== 'xml')) throw wrongInput(USAGE);
  const { session } = await client.request<{ session: { signedReadings: SignedReadingsView } }>(
    `query($id: ID!) { session(id: $id) { signedReadings { verdict reasons beginWh endWh transparencyXml
      records { measuredAt verdict reason meterSerial claimedKey } } } }`,
    { id: sessionId },
  );
  const { signedReadings: signed } = session;
  if (form === 'xml' && signed.transparencyXml === null)
    throw wrongInput('the meter of this session signed nothing');
  output.show(signed, () => (form === 'xml' ? signed.transparencyXml!.trim() : proofText(signed)));
  return 0;
}

export function wantedKey(assignments: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    assignments.map((assignment): [string, unknown] => {
      const at = assignment.indexOf('=');
      const value = assignment.slice(at + 1);
      switch (at < 0 ? '' : assignment.slice(0, at)) {
        case 'evse':
          if (!/^\d{1,3}$/.test(value)) throw wrongInput(`evse is a number, and not ${value}`);
          return ['evseNumber', Number(value)];
        case 'serial':
        case 'curve':
        case 'note':
          return [assignment.slice(0, at), value];
        case 'from':
          return ['validFrom', timeOf(value)];
        default:
          throw wrongInput(`${assignment} is nothing that a key has: ${USAGE}`);
      }
    }),
  );
}

function timeOf(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw wrongInput(`${text} is no time, as 2026-11-29T10:00:00Z is`);
  return at.toISOString();
}

export function meterKeysText(keys: readonly MeterKeyRow[]): string {
  if (keys.length === 0)
    return 'no key of a meter is registered: what its meters sign cannot be verified (kw meters add STATION KEY-FILE)';
  return table(
    ['id', 'EVSE', 'serial', 'curve', 'fingerprint', 'from', 'until'],
    keys.map((key) => [
      key.id,
      key.evseNumber === 0 ? 'all' : String(key.evseNumber),
      key.serial || 'any',
      key.curve,
      key.fingerprint.slice(0, 16),
      key.validFrom.slice(0, 10),
      key.validUntil?.slice(0, 10) ?? '-',
    ]),
  );
}

export function proofText({ verdict, reasons, beginWh, endWh, records }: SignedReadingsView): string {
  const energy =
    beginWh === null || endWh === null ? '' : `: ${beginWh} Wh to ${endWh} Wh, ${endWh - beginWh} Wh`;
  const head = `${verdict}${energy}${reasons.length === 0 ? '' : ` (${reasons.join(', ')})`}`;
  if (records.length === 0) return head;
  const claimed = records.find(({ verdict: one }) => one === 'UNKNOWN_KEY')?.claimedKey;
  return [
    head,
    '',
    table(
      ['measured', 'meter', 'record', 'reason'],
      records.map((one) => [one.measuredAt, one.meterSerial ?? '-', one.verdict, one.reason ?? '-']),
    ),
    ...(claimed
      ? [
          '',
          `The station says its key is ${claimed}`,
          'Compare it with the plate of the meter before you register it.',
        ]
      : []),
  ].join('\n');
}
