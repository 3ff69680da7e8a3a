import { Inject, Injectable } from '@nestjs/common';
import { invalid, isAppError, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, mayAll, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import {
  mayLast,
  RESERVATION_REFUSAL_TEXT,
  reservationRefusal,
  type ReservationRefusal,
} from '../domain/reservation.js';
import { PlaceRepository } from '../persistence/place.repository.js';
import { ReservationRepository, type ReservationRow } from '../persistence/reservation.repository.js';
import { ActingAccount, type ActingToken } from './acting-account.js';
import { announceReservation, ChangeReservation } from './change-reservation.js';
import { connectorTarget, type ConnectorTarget } from './connector-target.js';
import { RunCommand, type CommandAnswer, type RanCommand } from './run-command.js';
import { tokenHash } from './token-hash.js';

export interface ReserveInput {
  readonly connectorId: string;
  readonly expiresAt: Date;
  /** Operators only: for this token's holder. */
  readonly tokenId?: string | null;
  /** The price the driver was shown (createQuote). */
  readonly quoteId?: string | null;
  readonly idempotencyKey?: string | null;
}

export type ReserveResult =
  | { readonly kind: 'made'; readonly reservation: ReservationRow }
  | { readonly kind: 'refused'; readonly reason: ReservationRefusal; readonly message: string };

const NUMBER_CANDIDATES = 4;
const TAKEN = 'SESSIONS_CONNECTOR_RESERVED';

/**
 * Keeps a connector for a driver. Ours is written before the station is asked, so that a start which uses it finds it even when
 * the station is faster than its own answer; one that gets no answer stays on record until its time is over, because the station
 * may hold it.
 */
@Injectable()
export class ReserveConnector {
  constructor(
    private readonly database: Database,
    private readonly places: PlaceRepository,
    private readonly reservations: ReservationRepository,
    private readonly accounts: ActingAccount,
    private readonly change: ChangeReservation,
    private readonly commands: RunCommand,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async reserve(principal: Principal, input: ReserveInput): Promise<ReserveResult> {
    const who = mayAll(principal, 'sessions:write') ? 'operator' : 'driver';
    if (!mayLast(this.clock.now(), input.expiresAt, who)) {
      throw invalid(
        'SESSIONS_RESERVATION_LENGTH',
        'A reservation ends in a minute at least and in a day at most.',
      );
    }
    const accountId = await this.accounts.accountFor(principal, input.tokenId);
    const target = await this.target(principal, input.connectorId);
    if (!target.station.online) return refused('STATION_OFFLINE');
    const place = { stationId: target.station.id, evseNumber: target.connector.evseNumber };
    const token = await this.accounts.tokenFor(principal, accountId, place);
    if (!token) return refused('TOKEN_REFUSED');
    try {
      const answer = await this.request(principal, input, target, accountId, token);
      return await this.resultOf(principal, answer);
    } catch (error) {
      if (isAppError(error) && error.code === TAKEN) return refused('OCCUPIED');
      throw error;
    }
  }

  private request(
    principal: Principal,
    input: ReserveInput,
    { station, connector }: ConnectorTarget,
    accountId: string,
    { idToken, groupId }: ActingToken,
  ): Promise<RanCommand> {
    const { tenant } = principal;
    return this.commands.run(principal, {
      stationId: station.id,
      action: 'ReserveConnector',
      args: {
        connectorId: connector.id,
        accountId,
        expiresAt: input.expiresAt.toISOString(),
        quoteId: input.quoteId ?? '',
      },
      idempotencyKey: input.idempotencyKey,
      prepare: async (tx, id) => {
        const added = await this.reservations.add(tx, tenant, {
          id,
          stationId: station.id,
          connectorId: connector.id,
          evseNumber: connector.evseNumber,
          numbers: Array.from({ length: NUMBER_CANDIDATES }, () => this.ids.randomInt31()),
          tokenHash: tokenHash(tenant, idToken.value),
          accountId,
          requestedAt: this.clock.now(),
          expiresAt: input.expiresAt,
          quoteId: input.quoteId ?? '',
        });
        if (!added) throw precondition(TAKEN, RESERVATION_REFUSAL_TEXT.OCCUPIED);
        announceReservation(tx, added, this.clock.now());
      },
      command: async (id) => ({
        reserveConnector: {
          reservationNumber: await this.numberOf(principal, id),
          evseNumber: connector.evseNumber,
          expiresAt: input.expiresAt,
          idToken,
          groupId,
        },
      }),
      finished: (tx, id, answer) => this.settle(tx, tenant, id, answer),
    });
  }

  private async settle(
    tx: Tx,
    tenant: string,
    id: string,
    { outcome, status }: CommandAnswer,
  ): Promise<void> {
    const row = await this.reservations.lock(tx, tenant, id);
    if (!row || outcome === 'UNKNOWN') return;
    const reason = reservationRefusal(outcome, status);
    await this.change.to(tx, row, reason ? 'REFUSED' : 'ACTIVE', { reason });
  }

  private async resultOf(
    principal: Principal,
    { auditId, outcome, status }: RanCommand,
  ): Promise<ReserveResult> {
    const refusal = reservationRefusal(outcome, status);
    if (refusal) return refused(refusal);
    const { tenant } = principal;
    const reservation = await this.database.read(tenantScope(tenant), (tx) =>
      this.reservations.find(tx, tenant, auditId),
    );
    return { kind: 'made', reservation: reservation! };
  }

  private async numberOf({ tenant }: Principal, id: string): Promise<number> {
    const row = await this.database.read(tenantScope(tenant), (tx) => this.reservations.find(tx, tenant, id));
    return row!.number;
  }

  private target(principal: Principal, connectorId: string): Promise<ConnectorTarget> {
    return this.database.read(tenantScope(principal.tenant), (tx) =>
      connectorTarget(tx, this.places, principal, connectorId),
    );
  }
}

function refused(reason: ReservationRefusal): ReserveResult {
  return { kind: 'refused', reason, message: RESERVATION_REFUSAL_TEXT[reason] };
}
