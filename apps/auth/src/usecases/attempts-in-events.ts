import { Inject, Injectable } from '@nestjs/common';
import { auth, type ocppGateway, type sessions, type metering } from '@kilowatch/contracts';
import { isUuid, type Clock } from '@kilowatch/kernel';
import { CLOCK, type EventMeta, type Received, type Tx } from '@kilowatch/platform';
import type { ConnectionMoved, DecisionMade, Place } from '../domain/attempts/attempt-event.js';
import type { DecisionPurpose, DecisionStatus } from '../domain/decision.js';
import { identityKey } from '../domain/station-credential.js';
import {
  noteEnergy,
  noteUnallowed,
  type CompleteSession,
} from '../persistence/attempt-session.repository.js';
import { sitesOf, type StationSite } from '../persistence/place.repository.js';
import { unannouncedStarts } from '../persistence/unannounced-start.repository.js';
import { hasStations, stationsByIdentity } from '../persistence/station-credential.repository.js';
import { MonitorAttempts } from './monitor-attempts.js';
import { isContractType } from './token-keys.js';

/** A station that asks at once is answered within seconds; what is older was begun without us. */
const LIVE_MS = 60_000;

/** Feeds the attempt monitor with what events tell, placed and masked. */
@Injectable()
export class AttemptsInEvents {
  constructor(
    private readonly monitor: MonitorAttempts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async decisions(tx: Tx, tenant: string, decided: readonly auth.AuthorizationDecided[]): Promise<void> {
    // Those of releases before have no hash.
    const hashed = decided.filter(({ tokenHash }) => tokenHash.length > 0);
    if (hashed.length === 0) return;
    const stationIds = hashed.flatMap(({ stationId, openStationIds }) => [stationId, ...openStationIds]);
    const [sites, unannounced] = await Promise.all([
      sitesOf(tx, tenant, [...new Set(stationIds.filter(isUuid))]),
      unannouncedStarts(tx, tenant, hashed.filter(mayBeUnannounced), this.clock.now()),
    ]);
    await this.monitor.run(
      tx,
      tenant,
      hashed.map((one) => ({ ...decisionMade(one, sites), unannounced: unannounced.has(one.decisionId) })),
    );
  }

  async refusals(
    tx: Tx,
    tenant: string,
    { refused }: ocppGateway.ConnectionsRefused,
    meta: EventMeta,
  ): Promise<void> {
    // Strangers write the tenant into their address, and must not fill our tables under names that they make up.
    if (!(await hasStations(tx, tenant))) return;
    const stations = await stationsByIdentity(tx, tenant, refused.map(({ identity }) => identityKey(identity))); // prettier-ignore
    await this.monitor.run(
      tx,
      tenant,
      refused.map(({ attemptId, at, times, identity, reason, remoteIp }) => ({
        kind: 'refused',
        id: attemptId,
        at: (at ?? meta.occurredAt).getTime(),
        identity,
        stationId: stations.get(identityKey(identity)) ?? '',
        reason,
        address: remoteIp,
        times,
      })),
    );
  }

  connections(
    tx: Tx,
    kind: ConnectionMoved['kind'],
    moved: readonly Received<{
      stationId: string;
      generation: number;
      remoteIp?: string;
      replacedRemoteIp?: string | undefined;
    }>[],
  ): Promise<void> {
    const events = moved.map(({ payload, meta }) => ({
      kind,
      id: meta.eventId,
      at: meta.occurredAt.getTime(),
      stationId: payload.stationId,
      generation: payload.generation,
      address: payload.remoteIp ?? '',
      replacedAddress: payload.replacedRemoteIp,
    }));
    return this.monitor.run(tx, moved[0]!.meta.tenant, events);
  }

  /** A session that began without us and whose token was refused: from now on its energy matters. */
  async ended(tx: Tx, session: sessions.SessionSnapshot | undefined, { tenant }: EventMeta): Promise<void> {
    if (!session?.offline || !session.tokenRefused || !session.startedAt) return;
    const { sessionId, stationId, tokenId, tokenMasked, startedAt } = session;
    const half = { sessionId, stationId, tokenId, tokenMasked, startedAt };
    await this.energy(tx, tenant, await noteUnallowed(tx, tenant, half, this.clock.now()));
  }

  async metered(
    tx: Tx,
    { sessionId, energyMwh }: metering.SessionMetered,
    { tenant }: EventMeta,
  ): Promise<void> {
    await this.energy(
      tx,
      tenant,
      await noteEnergy(tx, tenant, { sessionId, energyMwh, now: this.clock.now() }),
    );
  }

  private async energy(tx: Tx, tenant: string, session: CompleteSession | undefined): Promise<void> {
    if (!session) return;
    const { sessionId, stationId, startedAt, energyMwh, tokenId, tokenMasked } = session;
    const sites = await sitesOf(tx, tenant, [stationId]);
    await this.monitor.run(tx, tenant, [
      {
        kind: 'energy',
        id: sessionId,
        at: startedAt.getTime(),
        place: placeOf(stationId, sites),
        tokenMasked,
        tokenId,
        sessionId,
        energyWh: Math.floor(energyMwh / 1000),
      },
    ]);
  }
}

function decisionMade(
  payload: auth.AuthorizationDecided,
  sites: ReadonlyMap<string, StationSite>,
): Omit<DecisionMade, 'unannounced'> {
  const decidedAt = payload.decidedAt?.getTime() ?? 0;
  const presentedAt = Math.min(payload.presentedAt?.getTime() ?? decidedAt, decidedAt);
  const live = !payload.offline && decidedAt - presentedAt < LIVE_MS;
  return {
    kind: 'decision',
    id: payload.decisionId,
    // Of what is live our own clock is the better one.
    at: live ? decidedAt : presentedAt,
    place: placeOf(payload.stationId, sites),
    evseNumber: payload.evseNumber,
    token: {
      hash: Buffer.from(payload.tokenHash).toString('hex'),
      masked: payload.tokenMasked,
      type: payload.tokenType,
      id: payload.tokenId,
      shared: payload.tokenShared,
      random: payload.randomUid,
    },
    purpose: word<DecisionPurpose>(auth.DecisionPurpose[payload.purpose], 'DECISION_PURPOSE_'),
    status: word<DecisionStatus>(auth.DecisionStatus[payload.status], 'DECISION_STATUS_'),
    reason: payload.reason,
    live,
    nextUidHashes: payload.nextUidHashes.map((hash) => Buffer.from(hash).toString('hex')),
    openPlaces: payload.openStationIds.map((stationId) => placeOf(stationId, sites)),
    certificateStatus: payload.certificateStatus,
    certificateSerial: payload.certificateSerial,
    contractUnverified: payload.contractUnverified,
  };
}

/** Of a start that was asked for by us, and of a contract (P14), it is known why nobody asked before. */
function mayBeUnannounced(decided: auth.AuthorizationDecided): boolean {
  const { purpose, status, tokenId, remoteStart, tokenType } = decided;
  return (
    purpose === auth.DecisionPurpose.DECISION_PURPOSE_START &&
    status === auth.DecisionStatus.DECISION_STATUS_ACCEPTED &&
    tokenId !== '' &&
    !remoteStart &&
    !isContractType(tokenType)
  );
}

function word<Word extends string>(name: string | undefined, prefix: string): Word {
  return (name ?? '').slice(prefix.length) as Word;
}

function placeOf(stationId: string, sites: ReadonlyMap<string, StationSite>): Place {
  const site = sites.get(stationId);
  return { stationId, siteId: site?.locationId ?? '', latitude: site?.latitude, longitude: site?.longitude };
}
