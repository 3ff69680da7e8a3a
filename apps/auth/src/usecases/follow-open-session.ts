import type { sessions } from '@kilowatch/contracts';
import { isUuid } from '@kilowatch/kernel';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { saveOpenSession } from '../persistence/token.repository.js';

/** Keeps which token has a session open where: what the concurrency rule asks. */
export async function followOpenSession(
  tx: Tx,
  session: sessions.SessionSnapshot | undefined,
  meta: EventMeta,
): Promise<void> {
  if (!session || !isUuid(session.tokenId)) return;
  await saveOpenSession(tx, meta.tenant, {
    sessionId: session.sessionId,
    tokenId: session.tokenId,
    stationId: session.stationId,
    evseNumber: session.evseNumber,
    open: session.status === 'ACTIVE',
    version: meta.aggregateVersion,
  });
}
