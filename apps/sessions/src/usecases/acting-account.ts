import { Inject, Injectable } from '@nestjs/common';
import { auth } from '@kilowatch/contracts';
import { forbidden, invalid, isAppError, notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, mayAll, tenantScope, type Principal } from '@kilowatch/platform';
import { AUTH, type AuthClient } from '../peers.js';
import { TokenHolderRepository } from '../persistence/token-holder.repository.js';

/** A token that auth accepts now. */
export interface ActingToken {
  readonly idToken: NonNullable<auth.GetAppTokenResponse['idToken']>;
  readonly groupId: string;
}

/** Whose account and token stand behind what a person does at a connector: drivers act for themselves. */
@Injectable()
export class ActingAccount {
  constructor(
    private readonly database: Database,
    private readonly holders: TokenHolderRepository,
    @Inject(AUTH) private readonly peer: AuthClient,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async accountFor(principal: Principal, tokenId: string | null | undefined): Promise<string> {
    if (!tokenId) {
      if (principal.role === 'client')
        throw invalid('SESSIONS_TOKEN_NEEDED', 'Name the token: a machine client has none of its own.');
      return principal.accountId;
    }
    if (!mayAll(principal, 'sessions:write')) {
      throw forbidden('SESSIONS_TOKEN_OF_ANOTHER', 'Only operators act for somebody else.');
    }
    const accountId = await this.database.read(tenantScope(principal.tenant), (tx) =>
      this.holders.accountOf(tx, principal.tenant, tokenId),
    );
    if (!accountId) throw notFound('SESSIONS_TOKEN_UNKNOWN', 'There is no such token with an account.');
    return accountId;
  }

  /** The account's app token, if it may charge on this EVSE now. */
  async tokenFor(
    principal: Principal,
    accountId: string,
    place: { readonly stationId: string; readonly evseNumber: number },
  ): Promise<ActingToken | undefined> {
    const token = await this.appToken(principal, accountId);
    if (!token?.idToken) return undefined;
    const decision = await this.peer.decide(
      {
        ...place,
        idToken: token.idToken,
        purpose: auth.DecisionPurpose.DECISION_PURPOSE_AUTHORIZE,
        occurredAt: this.clock.now(),
        offline: false,
        decisionKey: '',
        ocppMessageId: '',
        openSessionIds: [],
        contract: undefined,
        remoteStart: false,
      },
      { tenant: principal.tenant },
    );
    if (decision.status !== auth.DecisionStatus.DECISION_STATUS_ACCEPTED) return undefined;
    return { idToken: token.idToken, groupId: decision.groupId };
  }

  /** Undefined for an account that is switched off. Auth learns here of people whom another identity provider vouches for. */
  private async appToken(
    { tenant, accountId: own, role, external: person }: Principal,
    accountId: string,
  ): Promise<auth.GetAppTokenResponse | undefined> {
    const external =
      person && accountId === own ? auth.ExternalIdentity.fromPartial({ ...person, role }) : undefined;
    try {
      return await this.peer.getAppToken({ accountId, external }, { tenant, idempotent: true });
    } catch (error) {
      if (isAppError(error) && error.code === 'AUTH_ACCOUNT_INACTIVE') return undefined;
      throw error;
    }
  }
}
