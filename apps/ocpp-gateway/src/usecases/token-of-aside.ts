import { auth } from '@kilowatch/contracts';
import { integer, text, type JsonObject, type TokenAnswer } from '@kilowatch/ocpp';
import type { HandlerPorts, StationCall } from './station-call.js';
import { idTokenToWire, tokenStatus } from './token-status.js';
import { withKnownCard } from './with-known-card.js';

/** A message that is kept raw; without payload when nobody can read it. */
export type AsideCall = Omit<StationCall, 'payload' | 'memory'> & { readonly payload?: JsonObject };

/** Something has failed already: the charger has waited for that. */
const DEADLINE_MS = 2_000;

/**
 * What a start that is kept raw is told of its card: what auth says of it. Null where the card cannot be read, or auth cannot say:
 * nobody has said yes then. Only 1.6 has to be told something.
 */
export async function tokenOfAside(
  { auth: peer, models }: Pick<HandlerPorts, 'auth' | 'models'>,
  { station, id, action, payload, receivedAt }: AsideCall,
  frameId: string,
): Promise<TokenAnswer | null> {
  const value = action === 'StartTransaction' && payload ? text(payload, 'idTag') : null;
  if (value === null) return null;
  try {
    const shown = { type: 'authorize', idToken: { value, type: null } } as const;
    const message = { ...shown, certificate: null, certificateHashes: [] };
    const card = await withKnownCard(models, station, message);
    const { status, groupId, cacheExpiry } = await peer.decide(
      {
        stationId: station.stationId,
        evseNumber: Math.max(0, integer(payload!, 'connectorId') ?? 0),
        idToken: idTokenToWire(card.idToken),
        purpose: auth.DecisionPurpose.DECISION_PURPOSE_START,
        occurredAt: receivedAt,
        offline: false,
        decisionKey: `${station.stationId}|aside|${frameId}`,
        ocppMessageId: id.slice(0, 64),
        openSessionIds: [],
        contract: undefined,
        remoteStart: false,
      },
      { tenant: station.tenant, deadlineMs: DEADLINE_MS, idempotent: true },
    );
    return { status: tokenStatus(status), groupId: groupId || null, cacheExpiry: cacheExpiry ?? null };
  } catch {
    return null;
  }
}
