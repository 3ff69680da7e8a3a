import { wrongInput } from '../kw-error.js';
import { readInput } from '../read-input.js';
import type { CommandContext } from './context.js';
import { findStation } from './find-station.js';

export interface AuthorizeOptions {
  readonly token?: string | undefined;
  readonly station?: string | undefined;
  readonly type?: string | undefined;
  readonly evse?: string | undefined;
  readonly purpose?: string | undefined;
  readonly chain?: string | undefined;
  readonly 'hash-data'?: string | undefined;
  readonly explain?: boolean | undefined;
}

export interface Explanation {
  readonly status: string;
  readonly reason: string;
  readonly certificateStatus: string | null;
  readonly groupId: string | null;
  readonly cacheExpiry: string | null;
  readonly evseNumbers: readonly number[];
  readonly policyVersion: string;
  readonly steps: readonly {
    readonly rule: string;
    readonly status: string | null;
    readonly reason: string | null;
    readonly text: string | null;
  }[];
}

const USAGE =
  'kw authorize --token TOKEN --station STATION [--type TYPE] [--evse N] [--purpose START|STOP] [--chain FILE | --hash-data JSON] [--explain]';
const QUERY = `query($input: ExplainAuthorizationInput!) { explainAuthorization(input: $input) {
  status reason certificateStatus groupId cacheExpiry evseNumbers policyVersion steps { rule status reason text } } }`;

/** `kw authorize`: what would be decided about a token now; nothing is recorded. Exit code 1 when it would be refused. */
export async function authorize(
  _args: readonly string[],
  { client, output }: CommandContext,
  options: AuthorizeOptions,
): Promise<number> {
  const { token, station } = options;
  if (token === undefined || station === undefined) throw wrongInput(USAGE);
  const stationId = await findStation(client, station);
  const { explainAuthorization: found } = await client.request<{ explainAuthorization: Explanation }>(QUERY, {
    input: { token, stationId, ...questionOf(options) },
  });
  output.show(found, () => explanationText(found, options.explain ?? false));
  return found.status === 'ACCEPTED' ? 0 : 1;
}

/** Throws a sentence for what cannot be asked. */
export function questionOf(options: AuthorizeOptions): Record<string, unknown> {
  const { type, evse, purpose, chain, 'hash-data': hashData } = options;
  if (chain !== undefined && hashData !== undefined)
    throw wrongInput(`--chain and --hash-data are two ways to say one thing: ${USAGE}`);
  const evseNumber = evse === undefined ? undefined : Number(evse);
  if (evseNumber !== undefined && !(Number.isInteger(evseNumber) && evseNumber >= 0))
    throw wrongInput(`--evse is a number: ${USAGE}`);
  const contract = chain !== undefined || hashData !== undefined;
  return {
    tokenType: type ?? (contract ? 'eMAID' : undefined),
    evseNumber,
    purpose: purpose?.toUpperCase(),
    certificateChain: chain === undefined ? undefined : readInput(chain),
    certificateHashes: hashData === undefined ? undefined : hashesIn(hashData),
  };
}

/** One entry, a list of them, or the file that holds either; as a station writes it (responderURL). */
function hashesIn(text: string): unknown[] {
  const json = /^\s*[[{]/.test(text) ? text : readInput(text);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw wrongInput(`--hash-data is no JSON: ${json.slice(0, 100)}`);
  }
  return [value].flat().map((entry) => {
    const { responderURL, ...hash } = entry as Record<string, unknown>;
    return { ...hash, ...(responderURL === undefined ? {} : { responderUrl: responderURL }) };
  });
}

export function explanationText(found: Explanation, explain: boolean): string {
  const verdict = [
    `${found.status}  ${found.reason}`,
    ...(found.certificateStatus ? [`certificate   ${found.certificateStatus}`] : []),
    ...(found.groupId ? [`group         ${found.groupId}`] : []),
    ...(found.evseNumbers.length > 0 ? [`only on EVSE  ${found.evseNumbers.join(', ')}`] : []),
    ...(found.cacheExpiry ? [`cached until  ${found.cacheExpiry}`] : []),
  ];
  if (!explain) return verdict.join('\n');
  const steps = found.steps.map(({ rule, status, reason, text }) => {
    const mark = status ? (status === 'ACCEPTED' ? '+' : 'x') : reason ? 'x' : ' ';
    return `${mark} ${rule.padEnd(22)} ${text ?? reason ?? ''}`.trimEnd();
  });
  return [...steps, '', ...verdict, `policy        ${found.policyVersion}`].join('\n');
}
