import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal } from '@kilowatch/platform';
import type { CommandOutcome } from '../domain/command-outcome.js';
import {
  REFUSAL_TEXT,
  REMOTE_START_TTL_MS,
  startRefusal,
  type StartRefusal,
} from '../domain/remote-start.js';
import { explainedRefusal } from '../domain/unplug.js';
import { PlaceRepository } from '../persistence/place.repository.js';
import { RemoteStartRepository } from '../persistence/remote-start.repository.js';
import { ReservationRepository } from '../persistence/reservation.repository.js';
import { StationOptionsRepository } from '../persistence/station-options.repository.js';
import { ActingAccount, type ActingToken } from './acting-account.js';
import { connectorTarget, type ConnectorTarget } from './connector-target.js';
import { RunCommand, type CommandAnswer } from './run-command.js';
import { tokenHash } from './token-hash.js';

export interface StartInput {
  readonly connectorId: string;
  readonly quoteId?: string | null;
  readonly tokenId?: string | null;
  readonly idempotencyKey?: string | null;
}

export type StartResult =
  | ({ readonly kind: 'requested'; readonly requestId: string } & ConnectorTarget)
  | { readonly kind: 'refused'; readonly reason: StartRefusal; readonly message: string };

interface Target extends ConnectorTarget {
  /** What the station is told in place of a token (Q44); empty: nothing. */
  readonly tag: string;
}

/** 2.x: a token of the central system, which no reader reads. */
const TAG_TYPE = 'Central';

const REFUSAL_OF_OUTCOME: Readonly<Record<CommandOutcome, StartRefusal | undefined>> = {
  ACCEPTED: undefined,
  REJECTED: 'STATION_REFUSED',
  CHARGER_ERROR: 'STATION_REFUSED',
  OFFLINE: 'STATION_OFFLINE',
  UNKNOWN: 'STATION_SILENT',
};

/**
 * Starting from the app: the request is on record before the station is asked, so that the start it causes finds its
 * quote even when the station is faster than its own answer.
 */
@Injectable()
export class StartSession {
  constructor(
    private readonly database: Database,
    private readonly places: PlaceRepository,
    private readonly remoteStarts: RemoteStartRepository,
    private readonly reservations: ReservationRepository,
    private readonly options: StationOptionsRepository,
    private readonly accounts: ActingAccount,
    private readonly commands: RunCommand,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async start(principal: Principal, input: StartInput): Promise<StartResult> {
    const accountId = await this.accounts.accountFor(principal, input.tokenId);
    const { station, connector, holder, tag } = await this.target(principal, input.connectorId);
    const reserved = holder === undefined ? 'NOBODY' : holder === accountId ? 'SELF' : 'OTHER';
    const blocked = startRefusal({ online: station.online, status: connector.status, reserved });
    if (blocked) return refused(blocked);
    const place = { stationId: station.id, evseNumber: connector.evseNumber };
    const token = await this.accounts.tokenFor(principal, accountId, place);
    if (!token) return refused('TOKEN_REFUSED');
    const answer = await this.request(principal, input, { station, connector, tag }, accountId, token);
    const refusal = REFUSAL_OF_OUTCOME[answer.outcome];
    return refusal
      ? refused(explainedRefusal(refusal, connector.status))
      : { kind: 'requested', requestId: answer.commandId, station, connector };
  }

  private request(
    principal: Principal,
    input: StartInput,
    { station, connector, tag }: Target,
    accountId: string,
    { idToken }: ActingToken,
  ): Promise<CommandAnswer> {
    const { tenant } = principal;
    const quoteId = input.quoteId ?? '';
    return this.commands.run(principal, {
      stationId: station.id,
      action: 'RequestStart',
      args: { connectorId: connector.id, quoteId, accountId },
      idempotencyKey: input.idempotencyKey,
      prepare: (tx, id) => {
        const requestedAt = this.clock.now();
        return this.remoteStarts.add(tx, tenant, {
          id,
          stationId: station.id,
          evseNumber: connector.evseNumber,
          connectorId: connector.id,
          remoteStartId: this.ids.randomInt31(),
          tokenHash: tokenHash(tenant, idToken.value),
          stationTagHash: tag === '' ? '' : tokenHash(tenant, tag),
          accountId,
          quoteId,
          requestedAt,
          expiresAt: new Date(requestedAt.getTime() + REMOTE_START_TTL_MS),
        });
      },
      command: async (id) => ({
        requestStart: {
          idToken: tag === '' ? idToken : { value: tag, type: TAG_TYPE },
          standsFor: tag === '' ? undefined : idToken,
          evseNumber: connector.evseNumber,
          connectorNumber: connector.number,
          remoteStartId: await this.database.read(tenantScope(tenant), (tx) =>
            this.remoteStarts.remoteStartId(tx, tenant, id),
          ),
        },
      }),
      finished: async (tx, id, { outcome }) => {
        // A silent station may still start: its request waits until it expires.
        if (outcome === 'ACCEPTED' || outcome === 'UNKNOWN') return;
        await this.remoteStarts.withdraw(tx, tenant, id);
      },
    });
  }

  private target(
    principal: Principal,
    connectorId: string,
  ): Promise<Target & { holder: string | undefined }> {
    const { tenant } = principal;
    return this.database.read(tenantScope(tenant), async (tx) => {
      const { station, connector } = await connectorTarget(tx, this.places, principal, connectorId);
      const held = await this.reservations.openOnEvse(tx, tenant, station.id, connector.evseNumber);
      const [options] = await this.options.find(tx, tenant, [station.id]);
      return { station, connector, holder: held?.account_id, tag: options?.remoteStartTag ?? '' };
    });
  }
}

function refused(reason: StartRefusal): StartResult {
  return { kind: 'refused', reason, message: REFUSAL_TEXT[reason] };
}
