import { Inject, Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { Clock, IdSource, TenantId } from '@kilowatch/kernel';
import {
  CLOCK,
  counter,
  Database,
  IDS,
  LOGGER,
  tenantScope,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import type { CostDisplay } from '../domain/cost-display.js';
import { isShownAgain, isTokenOf, mayMakePayer, type Payer } from '../domain/payer.js';
import { meantBy, type Meant } from '../domain/reused-ref.js';
import { decideTransaction, type Outcome } from '../domain/transaction.js';
import { refOfStart, startKey201, type StartKeys } from '../domain/business-key.js';
import {
  startKeysOf,
  type TokenClaim,
  type TokenDecision,
  type TransactionMessage,
} from '../domain/transaction-message.js';
import { allocateTransactionRef, REF_CANDIDATES } from '../domain/transaction-ref.js';
import { OrphanRepository } from '../persistence/orphan.repository.js';
import {
  requireStationId,
  SituationRepository,
  type LoadedSituation,
  type TokenStanding,
} from '../persistence/situation.repository.js';
import type { StationContext } from '../persistence/station-context.js';
import { decisionOfPayer, DecideToken } from './decide-token.js';
import { SaveTransaction } from './save-transaction.js';
import { messageOf } from './transaction-request.js';

interface Recorded {
  readonly sessionId: string;
  readonly transactionRef: string;
  readonly startKey: string;
  readonly payerDecision: TokenDecision | undefined;
  readonly duplicate: boolean;
  readonly orphan: boolean;
  readonly costDisplay: CostDisplay | undefined;
}

interface Call {
  readonly tenant: TenantId;
  readonly request: sessions.RecordTransactionEventRequest;
  readonly message: TransactionMessage;
  readonly start: StartKeys;
}

/**
 * Start, update and end of a transaction, both OCPP versions. No database connection waits for another service: auth is asked about the
 * token of a start before the transaction is opened, about that of a stop after its commit. Everything else is one transaction under
 * the station's lock, shared with other stations under load.
 */
@Injectable()
export class RecordTransaction {
  constructor(
    private readonly database: Database,
    private readonly situations: SituationRepository,
    private readonly orphans: OrphanRepository,
    private readonly saving: SaveTransaction,
    private readonly tokens: DecideToken,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async record(
    tenant: TenantId,
    request: sessions.RecordTransactionEventRequest,
  ): Promise<sessions.RecordTransactionEventResponse> {
    requireStationId(request.stationId);
    const message = messageOf(tenant, request, this.clock.now());
    const call = await this.withDecision({ tenant, request, message, start: startKeysOf(message) });
    const recorded = await this.database.shared(tenantScope(tenant), request.stationId, (tx) =>
      this.store(tx, call),
    );
    const decision = call.message.token?.decision ?? (await this.stopDecision(call, recorded));
    return {
      sessionId: recorded.sessionId,
      transactionRef: recorded.transactionRef,
      tokenStatus: decision?.status,
      groupId: decision?.groupId ?? '',
      cacheExpiry: decision?.cacheExpiry,
      duplicate: recorded.duplicate,
      orphan: recorded.orphan,
      costDisplay: recorded.costDisplay,
      tokenLanguage: decision?.language ?? '',
      maxCost: decision?.maxCost,
    };
  }

  /** The message with auth's word about its token, where that decides who pays. */
  private async withDecision(call: Call): Promise<Call> {
    const { tenant, request, message, start } = call;
    const { token } = message;
    if (!token || !mayMakePayer(message)) return call;
    const standing = await this.standing(call, token.tokenHash);
    const meant = meantBy(message, standing.known);
    const payer = meant?.kind === 'session' ? meant.session.payer : undefined;
    const isAgain = payer !== undefined && isShownAgain(payer, message);
    if (payer && isTokenOf(payer, token.tokenHash) && !isAgain)
      return withToken(call, { ...token, ...spokenBy(payer), decision: decisionOfPayer(payer, message) });
    // A button pressed while somebody charges: nothing to decide, and no reason to stop them.
    if (payer?.authorised && token.tokenHash === '')
      return { ...call, message: { ...message, token: undefined } };
    const app =
      standing.standsFor === undefined
        ? undefined
        : await this.tokens.appTokenOf(tenant, standing.standsFor, token.tokenHash);
    const claim = app?.claim ?? token;
    const { openElsewhere, awaited } = app ? await this.standing(call, claim.tokenHash) : standing;
    const decision = await this.tokens.ask({
      tenant,
      request: app ? { ...request, idToken: app.idToken } : request,
      message,
      purpose: 'START',
      key: [
        request.stationId,
        keyOfMeant(meant, message, start),
        ...(isAgain ? [message.at.toISOString()] : []),
        claim.tokenHash,
      ].join('|'),
      openElsewhere,
      remoteStart: awaited,
    });
    return withToken(call, { ...claim, decision });
  }

  private standing({ tenant, request, message, start }: Call, tokenHash: string): Promise<TokenStanding> {
    const place = { stationId: request.stationId, ...start };
    return this.database.sharedRead(tenantScope(tenant), request.stationId, (tx) =>
      this.situations.forToken(tx, tenant, message, tokenHash, place),
    );
  }

  private async store(tx: Tx, call: Call): Promise<Recorded> {
    const { tenant, message, start } = call;
    const { stationId } = call.request;
    const fresh = Array.from({ length: REF_CANDIDATES }, () => String(this.ids.randomInt31()));
    const refCandidates = message.assignedRef ? [message.assignedRef, ...fresh] : fresh;
    this.situations.lockStation(tx, tenant, stationId);
    const loaded = await this.situations.forTransaction(tx, tenant, message, {
      stationId,
      ...start,
      refCandidates,
    });
    const outcome = decideTransaction(message, loaded.situation, {
      sessionId: this.ids.newId(),
      transactionRef: () => allocateTransactionRef(refCandidates, loaded.takenRefs),
      startKey: start.startKey,
    });
    return outcome.kind === 'orphan'
      ? this.keepOrphan(tx, call, loaded.station, outcome.reason)
      : this.saveSession(tx, call, loaded, outcome);
  }

  private async saveSession(
    tx: Tx,
    { tenant, message }: Call,
    loaded: LoadedSituation,
    outcome: Extract<Outcome, { kind: 'session' }>,
  ): Promise<Recorded> {
    const { before, session } = outcome;
    const duplicate = before === session;
    if (!duplicate) await this.saving.save(tx, tenant, message, loaded.station, outcome);
    const { payer } = session;
    return {
      sessionId: session.sessionId,
      transactionRef: session.transactionRef,
      startKey: session.startKey,
      payerDecision:
        payer && isTokenOf(payer, message.token?.tokenHash) ? decisionOfPayer(payer, message) : undefined,
      duplicate,
      orphan: false,
      costDisplay: loaded.station.costDisplay(session.protocol),
    };
  }

  private async keepOrphan(
    tx: Tx,
    { tenant, request, message, start }: Call,
    { identity, locationName, timeZone }: StationContext,
    reason: Extract<Outcome, { kind: 'orphan' }>['reason'],
  ): Promise<Recorded> {
    const id = this.ids.newId();
    const { stationId } = request;
    const added = await this.orphans.add(tx, tenant, { id, stationId, reason, message });
    if (added) {
      tx.publish(events.transactionOrphaned, {
        aggregateId: id,
        aggregateVersion: 1,
        occurredAt: message.at,
        payload: {
          orphanId: id,
          stationId,
          transactionRef: message.transactionRef,
          kind: message.kind,
          occurredAt: message.at,
          reason,
          stationIdentity: identity,
          locationName,
          timeZone,
        },
      });
      tx.afterCommit(() => counter('kw_sessions_total').inc({ outcome: 'orphan' }));
    }
    return {
      sessionId: '',
      transactionRef: message.transactionRef,
      startKey: start.startKey,
      payerDecision: undefined,
      duplicate: !added,
      orphan: true,
      costDisplay: undefined,
    };
  }

  /** About a token that only stops: its end is stored already, so auth being away costs the answer and nothing else. */
  private async stopDecision(call: Call, recorded: Recorded): Promise<TokenDecision | undefined> {
    const { tenant, request, message } = call;
    if (!message.token || mayMakePayer(message)) return undefined;
    if (recorded.payerDecision) return recorded.payerDecision;
    try {
      const key = `${request.stationId}|stop|${recorded.startKey}|${message.token.tokenHash}`;
      return await this.tokens.ask({
        tenant,
        request,
        message,
        purpose: 'STOP',
        key,
        openElsewhere: [],
        remoteStart: false,
      });
    } catch (err) {
      this.log.warn({ err, stationId: request.stationId }, 'no decision about the token that stopped');
      return undefined;
    }
  }
}

/** Auth keeps its decision by key: that of another charge under the same id is none of this one. */
function keyOfMeant(meant: Meant | undefined, message: TransactionMessage, { startKey }: StartKeys): string {
  if (!meant) return startKey;
  if (meant.kind === 'session') return meant.session.startKey;
  return startKey201(refOfStart(message.transactionRef, message.at));
}

function withToken(call: Call, token: TokenClaim): Call {
  return { ...call, message: { ...call.message, token } };
}

/** The payer's own token, when the station showed the tag that stood for it. */
function spokenBy({ tokenHash, tokenType, spokenAs }: Payer): Partial<TokenClaim> {
  return spokenAs === undefined ? {} : { tokenHash, tokenType, spokenAs };
}
