import {
  mapCall,
  parseFrame,
  TypedOcppSchemas,
  versionOfSubprotocol,
  type OcppVersion,
} from '@kilowatch/ocpp';
import type { Frame, RecordedConnection } from './recording.js';

export interface InboundCheck {
  /** Frames of the charger that start something: calls and SENDs. */
  readonly frames: number;
  /** How many of them leave the specification, and are understood all the same. */
  readonly tolerated: number;
  /** Each kind of deviation with the number of frames it is in. */
  readonly kinds: ReadonlyMap<string, number>;
  /** One sentence for each frame that cannot be understood. */
  readonly problems: readonly string[];
}

const schemas = new TypedOcppSchemas();
const AT = new Date(0);

/** What of the charger's side of a recording is by the letter of its version's schema, and what has to be tolerated. */
export function checkInbound(connection: RecordedConnection): InboundCheck {
  const version = versionOfSubprotocol(connection.protocol);
  const kinds = new Map<string, number>();
  const problems: string[] = [];
  let frames = 0;
  let tolerated = 0;
  if (version === undefined) return { frames, tolerated, kinds, problems };
  for (const { dir, frame } of connection.lines) {
    if (dir !== 'cs->csms' || (frame?.[0] !== 2 && frame?.[0] !== 6)) continue;
    frames += 1;
    const found = deviationsOfFrame(frame, version);
    if (typeof found === 'string') {
      problems.push(`${connection.station} ${String(frame[2])} ${frame[1]}: ${found}`);
      continue;
    }
    if (found.size > 0) tolerated += 1;
    for (const kind of found) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return { frames, tolerated, kinds, problems };
}

/** Kinds of deviations of one call; none when it cannot be understood. */
export function deviationsOf(protocol: string, action: string, payload: object): ReadonlySet<string> {
  const version = versionOfSubprotocol(protocol);
  const found = version && deviationsOfFrame([2, 'x', action, payload], version);
  return found instanceof Set ? found : new Set();
}

/** A sentence when it cannot be understood. The frame is read from its text: the check repairs what it is given. */
function deviationsOfFrame(frame: Frame, version: OcppVersion): ReadonlySet<string> | string {
  const parsed = parseFrame(JSON.stringify(frame), version);
  if (parsed.kind !== 'call' && parsed.kind !== 'send') return 'is no frame';
  const check = schemas.validateInbound(version, parsed.action, 'request', parsed.payload);
  if (!check.ok) return check.problem.text;
  const mapped = mapCall(version, parsed.action, check.payload, { receivedAt: AT });
  return new Set([...parsed.deviations, ...check.deviations, ...mapped.deviations].map(({ kind }) => kind));
}

/** What differs from the kinds of deviations that a recording declares; one that declares nothing is not judged. */
export function inboundProblems(connections: readonly RecordedConnection[]): string[] {
  const problems: string[] = [];
  const stations = new Map<string, { declared: Set<string>; found: Set<string> }>();
  for (const connection of connections) {
    const { station, deviations } = connection;
    if (deviations === undefined) continue;
    const check = checkInbound(connection);
    problems.push(...check.problems);
    const seen = stations.get(station) ?? { declared: new Set(), found: new Set() };
    stations.set(station, seen);
    deviations.forEach((kind) => seen.declared.add(kind));
    for (const kind of check.kinds.keys()) seen.found.add(kind);
  }
  for (const [station, { declared, found }] of stations) {
    for (const kind of found)
      if (!declared.has(kind))
        problems.push(`${station}: its frames have ${kind}, the recording does not say so`);
    for (const kind of declared) if (!found.has(kind)) problems.push(`${station}: no frame has ${kind}`);
  }
  return problems;
}
