import type { sessions } from '@kilowatch/contracts';
import { isUuid } from '@kilowatch/kernel';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { saveRefusedSession } from '../persistence/refused-session.repository.js';
import { releaseStart } from '../persistence/token-start.repository.js';
import { saveOpenSession } from '../persistence/token.repository.js';

/** Keeps which token has a session open where, what the concurrency rule asks, and which sessions wait with a refused token. */
export async function followOpenSession(
  tx: Tx,
  session: sessions.SessionSnapshot | undefined,
  meta: EventMeta,
): Promise<void> {
  if (!session) return;
  await saveRefusedSession(tx, meta.tenant, {
    sessionId: session.sessionId,
    stationId: session.stationId,
    evseNumber: session.evseNumber,
    tokenId: isUuid(session.tokenId) ? session.tokenId : undefined,
    since: session.startedAt ?? meta.occurredAt,
    waits: session.status === 'ACTIVE' && session.tokenRefused,
    refused: session.tokenRefused,
    version: meta.aggregateVersion,
  });
  if (!isUuid(session.tokenId)) return;
  const { sessionId, tokenId, stationId } = session;
  await releaseStart(tx, meta.tenant, { sessionId, tokenId, stationId, at: meta.occurredAt });
  await saveOpenSession(tx, meta.tenant, {
    sessionId: session.sessionId,
    tokenId: session.tokenId,
    stationId: session.stationId,
    evseNumber: session.evseNumber,
    // T6: a refused token charges nothing there. Else who copies a card, and is refused for it, keeps its holder from charging anywhere.
    open: session.status === 'ACTIVE' && !session.tokenRefused,
    version: meta.aggregateVersion,
  });
}
