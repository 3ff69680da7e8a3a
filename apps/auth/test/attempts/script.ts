import { readFileSync } from 'node:fs';
import type { AttemptEvent, Place } from '../../src/domain/attempts/attempt-event.js';
import type { PolicyChange } from '../../src/domain/attempts/attempt-rules.js';
import type { DecisionPurpose, DecisionStatus } from '../../src/domain/decision.js';

/** One line of a script: what happened (at a time of day), where things are, which case begins, or what must come of it. */
interface Line {
  readonly place?: string;
  readonly site?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly case?: string;
  readonly policy?: PolicyChange;
  readonly expect?: string;
  readonly at?: string;
  readonly id?: string;
  readonly station?: string;
  readonly token?: string;
  readonly type?: string;
  readonly shared?: boolean;
  readonly random?: boolean;
  readonly known?: boolean;
  readonly evse?: number;
  readonly purpose?: DecisionPurpose;
  readonly status?: DecisionStatus;
  readonly reason?: string;
  readonly offline?: boolean;
  readonly next?: readonly string[];
  readonly open?: readonly string[];
  readonly certificate?: string;
  readonly serial?: string;
  readonly unverified?: boolean;
  readonly unannounced?: boolean;
  readonly refused?: string;
  readonly identity?: string;
  readonly address?: string;
  readonly times?: number;
  readonly connected?: number;
  readonly disconnected?: number;
  readonly replaced?: string;
  readonly energyWh?: number;
}

export interface Case {
  readonly name: string;
  readonly policy: PolicyChange;
  readonly events: AttemptEvent[];
  /** `RULE key SEVERITY count first..last`, times of day; `closed` behind it when it was quiet long enough. */
  readonly expected: string[];
}

const DAY = '2026-03-02';

export function readScript(url: URL): Case[] {
  const places = new Map<string, Place>();
  const cases: Case[] = [];
  for (const text of readFileSync(url, 'utf8').split('\n').filter(Boolean)) {
    const line = JSON.parse(text) as Line;
    if (line.place !== undefined) places.set(line.place, placeOf(line.place, line));
    else if (line.case !== undefined)
      cases.push({ name: line.case, policy: line.policy ?? {}, events: [], expected: [] });
    else if (line.expect !== undefined) cases.at(-1)!.expected.push(line.expect);
    else cases.at(-1)!.events.push(eventOf(line, places, `e${cases.length}-${cases.at(-1)!.events.length}`));
  }
  return cases;
}

/** `10:00`, `10:00:01`, `10:00:01.500`, or `2 10:00` for the day after. */
export function timeOf(text: string): number {
  const [clock, day] = text.split(' ').reverse() as [string, string | undefined];
  const [seconds = '00', ...rest] = clock.split(':').slice(2);
  if (rest.length > 0) throw new Error(`${text} is no time`);
  const time = Date.parse(`${DAY}T${clock.split(':').slice(0, 2).join(':')}:${seconds}Z`);
  if (Number.isNaN(time)) throw new Error(`${text} is no time`);
  return time + (Number(day ?? 1) - 1) * 86_400_000;
}

export function clockOf(time: string): string {
  const days = Math.floor((Date.parse(time) - Date.parse(`${DAY}T00:00Z`)) / 86_400_000);
  const clock = time
    .slice(11, 23)
    .replace(/\.000$/, '')
    .replace(/:00$/, '');
  return days === 0 ? clock : `${days + 1} ${clock}`;
}

function placeOf(stationId: string, { site, latitude, longitude }: Line): Place {
  return { stationId, siteId: site ?? '', latitude, longitude };
}

function eventOf(line: Line, places: ReadonlyMap<string, Place>, counted: string): AttemptEvent {
  const { at = '', id = counted, station = 's1', address = '203.0.113.5', identity = '', times = 1 } = line;
  const happened = { id, at: timeOf(at) };
  const place = places.get(station) ?? placeOf(station, {});
  if (line.refused)
    return { kind: 'refused', ...happened, identity, stationId: '', reason: line.refused, address, times };
  if (line.connected)
    return {
      kind: 'connected',
      ...happened,
      stationId: station,
      generation: line.connected,
      address,
      replacedAddress: line.replaced,
    };
  if (line.disconnected)
    return {
      kind: 'disconnected',
      ...happened,
      stationId: station,
      generation: line.disconnected,
      address: '',
    };
  const { token = 'A', type = 'ISO14443', shared = false, random = false, status = 'ACCEPTED' } = line;
  const known = line.known ?? status !== 'UNKNOWN';
  if (line.energyWh !== undefined)
    return {
      kind: 'energy',
      ...happened,
      place,
      tokenMasked: `****${token}`,
      tokenId: line.known ? `token-${token}` : '',
      sessionId: `session-${id}`,
      energyWh: line.energyWh,
    };
  return {
    kind: 'decision',
    ...happened,
    place,
    evseNumber: line.evse ?? 0,
    token: { hash: token, masked: `****${token}`, type, id: known ? `token-${token}` : '', shared, random },
    purpose: line.purpose ?? 'AUTHORIZE',
    status,
    reason: line.reason ?? (status === 'ACCEPTED' ? 'token_active' : `token_${status.toLowerCase()}`),
    live: !(line.offline ?? false),
    nextUidHashes: line.next ?? [],
    openPlaces: (line.open ?? []).map((name) => places.get(name) ?? placeOf(name, {})),
    certificateStatus: line.certificate ?? '',
    certificateSerial: line.serial ?? '',
    contractUnverified: line.unverified ?? false,
    unannounced: line.unannounced ?? false,
  };
}
