import { chargerCalls, type RecordedConnection } from './recording.js';

/** What has to exist before a recording can be played: stations with their connectors, tokens with their status. */
export interface Inventory {
  readonly stations: readonly { identity: string; connectors: { evseNumber: number; number: number }[] }[];
  readonly tokens: readonly { value: string; status: 'ACTIVE' | 'BLOCKED' }[];
}

type Payload = Record<string, unknown>;

export function inventoryOf(connections: readonly RecordedConnection[]): Inventory {
  const evses = new Map<string, { identity: string; numbers: Set<number> }>();
  const tokens = new Map<string, 'ACTIVE' | 'BLOCKED' | 'ABSENT'>();
  for (const connection of connections) {
    // Two spellings of one identity are one station (quirk Q4).
    const key = connection.station.toLowerCase();
    const seen = evses.get(key) ?? { identity: connection.station, numbers: new Set([1]) };
    evses.set(key, seen);
    for (const call of chargerCalls(connection)) {
      const evse = evseOf(call.payload);
      if (evse > 0) seen.numbers.add(evse);
      const token = tokenOf(call.payload);
      if (token) tokens.set(token, worse(tokens.get(token), statusOf(call.answer)));
    }
  }
  return {
    stations: [...evses.values()].map(({ identity, numbers }) => ({
      identity,
      connectors: [...numbers].sort((a, b) => a - b).map((evseNumber) => ({ evseNumber, number: 1 })),
    })),
    tokens: [...tokens].flatMap(([value, status]) => (status === 'ABSENT' ? [] : [{ value, status }])),
  };
}

function evseOf(payload: Payload): number {
  const evse = payload['evse'] as { id?: number } | undefined;
  return Number(evse?.id ?? payload['evseId'] ?? payload['connectorId'] ?? 0);
}

export function tokenOf(payload: Payload): string | undefined {
  const idToken = payload['idToken'] as { idToken?: string; type?: string } | undefined;
  if (idToken?.type === 'NoAuthorization') return undefined;
  const value = idToken?.idToken ?? payload['idTag'];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The recorded central system's word decides whether the card is known here. */
function statusOf(answer: Payload | undefined): 'ACTIVE' | 'BLOCKED' | 'ABSENT' {
  const info = (answer?.['idTagInfo'] ?? answer?.['idTokenInfo']) as { status?: string } | undefined;
  if (info?.status === 'Blocked') return 'BLOCKED';
  if (info?.status === 'Invalid' || info?.status === 'Unknown') return 'ABSENT';
  return 'ACTIVE';
}

function worse<S extends string>(held: S | undefined, seen: S): S {
  return held === undefined || seen !== 'ACTIVE' ? seen : held;
}
