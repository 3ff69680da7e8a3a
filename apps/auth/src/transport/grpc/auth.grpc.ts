import { Inject, Injectable } from '@nestjs/common';
import { auth } from '@kilowatch/contracts';
import { invalid, isUuid, maskToken, notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, type GrpcCall, type GrpcImplementation } from '@kilowatch/platform';
import { ROLES } from '../../domain/account.js';
import type { ExternalPerson } from '../../domain/external-person.js';
import { AppToken } from '../../usecases/app-token.js';
import { AttemptGuard } from '../../usecases/attempt-guard.js';
import { DecideToken } from '../../usecases/decide-token.js';
import { ExternalAccounts } from '../../usecases/external-accounts.js';
import { SetStationCredential } from '../../usecases/set-station-credential.js';
import { SetStationPings } from '../../usecases/set-station-pings.js';
import { SetStationSubprotocols } from '../../usecases/set-station-subprotocols.js';
import { VerifyStation } from '../../usecases/verify-station.js';

const PURPOSES = {
  [auth.DecisionPurpose.DECISION_PURPOSE_AUTHORIZE]: 'AUTHORIZE',
  [auth.DecisionPurpose.DECISION_PURPOSE_START]: 'START',
  [auth.DecisionPurpose.DECISION_PURPOSE_STOP]: 'STOP',
} as const;

@Injectable()
export class AuthGrpc implements GrpcImplementation<typeof auth.AuthServiceService> {
  constructor(
    private readonly decideToken: DecideToken,
    private readonly verify: VerifyStation,
    private readonly credentials: SetStationCredential,
    private readonly appTokens: AppToken,
    private readonly externals: ExternalAccounts,
    private readonly subprotocols: SetStationSubprotocols,
    private readonly pings: SetStationPings,
    private readonly guard: AttemptGuard,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async decide(request: auth.DecideRequest, call: GrpcCall): Promise<auth.DecideResponse> {
    const purpose = PURPOSES[request.purpose as keyof typeof PURPOSES];
    if (!purpose || !request.idToken) throw invalid('AUTH_DECIDE', 'purpose and id_token are needed.');
    const askedAt = this.clock.now();
    const decision = await this.decideToken.run(call.tenant, {
      value: request.idToken.value,
      type: request.idToken.type,
      stationId: request.stationId,
      evseNumber: request.evseNumber,
      purpose,
      at: request.occurredAt,
      offline: request.offline,
      decisionKey: request.decisionKey,
      ocppMessageId: request.ocppMessageId,
      openSessionIds: request.openSessionIds,
      contract: request.contract,
      remoteStart: request.remoteStart,
    });
    if (purpose === 'AUTHORIZE' && decision.status !== 'ACCEPTED')
      await this.guard.delay(call.tenant, request.stationId, askedAt);
    return {
      decisionId: decision.id,
      status: auth.DecisionStatus[`DECISION_STATUS_${decision.status}`],
      reason: decision.reason,
      groupId: decision.groupId,
      cacheExpiry: decision.cacheExpiry,
      tokenId: decision.tokenId,
      tokenMasked: decision.tokenMasked,
      accountId: decision.accountId,
      policyVersion: decision.policyVersion,
      evseNumbers: [...decision.evseNumbers],
      language: decision.language,
      certificateStatus: decision.certificateStatus,
      weak: decision.weak,
      credit: decision.credit,
    };
  }

  async verifyStation(request: auth.VerifyStationRequest): Promise<auth.VerifyStationResponse> {
    const answer = await this.verify.run(request);
    const { credential } = answer;
    const accepted = answer.verdict === 'ACCEPTED';
    return {
      verdict: auth.StationVerdict[`STATION_VERDICT_${answer.verdict}`],
      tenant: accepted ? (credential?.tenant ?? '') : '',
      stationId: accepted ? (credential?.stationId ?? '') : '',
      identity: accepted ? (credential?.identity ?? '') : '',
      allowMissingSubprotocol: accepted && (credential?.allowMissingSubprotocol ?? false),
      retryAfterSeconds: answer.retryAfterSeconds ?? 0,
      securityProfile: answer.securityProfile ?? 0,
      subprotocols: accepted ? [...(credential?.subprotocols ?? [])] : [],
      credentialId: accepted ? (answer.credentialId ?? '') : '',
      provisional: accepted && (answer.provisional ?? false),
      pinged: accepted ? (credential?.pinged ?? undefined) : undefined,
    };
  }

  async setStationCredential(
    request: auth.SetStationCredentialRequest,
    call: GrpcCall,
  ): Promise<auth.SetStationCredentialResponse> {
    await this.credentials.run(call.tenant, request);
    return {};
  }

  async setStationSubprotocols(
    { stationId, subprotocols }: auth.SetStationSubprotocolsRequest,
    call: GrpcCall,
  ): Promise<auth.SetStationSubprotocolsResponse> {
    await this.subprotocols.run(call.tenant, stationId, subprotocols);
    return {};
  }

  async setStationPings(
    { stationId, pinged }: auth.SetStationPingsRequest,
    call: GrpcCall,
  ): Promise<auth.SetStationPingsResponse> {
    await this.pings.run(call.tenant, stationId, pinged ?? null);
    return {};
  }

  async getAppToken(request: auth.GetAppTokenRequest, call: GrpcCall): Promise<auth.GetAppTokenResponse> {
    const { accountId, external } = request;
    if (!isUuid(accountId)) throw notFound('AUTH_ACCOUNT', 'There is no such account.');
    if (external) await this.externals.seen(call.tenant, accountId, externalPerson(external));
    const token = await this.appTokens.of(call.tenant, accountId);
    return {
      tokenId: token.id,
      idToken: { value: token.value, type: token.type },
      tokenMasked: maskToken(token.value),
    };
  }
}

function externalPerson({ issuer, subject, email, name, role }: auth.ExternalIdentity): ExternalPerson {
  const known = ROLES.find((one) => one === role);
  if (!known) throw invalid('AUTH_ROLE', 'This is not a role.');
  return { issuer, subject, email: email || undefined, name: name || undefined, role: known };
}
