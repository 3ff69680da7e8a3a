import { auth, ocppGateway } from '@kilowatch/contracts';
import { precondition, Secret, unavailable } from '@kilowatch/kernel';
import { createLogger, GrpcServer, ServiceTokens, systemClock, type GrpcCall } from '@kilowatch/platform';
import { RIG_SERVICE_SECRET } from '@kilowatch/testing';

/**
 * Auth and the gateway in this process, behind real gRPC. A token `card-anna` belongs to account `anna`, as does her
 * app token `app-anna`; `blocked-...` is refused.
 */
export class Peers {
  decisions: auth.DecideRequest[] = [];
  credentials: (auth.SetStationCredentialRequest & { tenant: string })[] = [];
  subprotocols: auth.SetStationSubprotocolsRequest[] = [];
  pings: auth.SetStationPingsRequest[] = [];
  commands: ocppGateway.SendRequest[] = [];
  /** What the charger answers. */
  outcome = ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED;
  /** Its word for it. */
  status = 'Accepted';
  authIsAway = false;
  /** Auth decides otherwise about `blocked-...` from now on; what is stored stays. */
  blockedAreWelcome = false;
  appTokens: auth.GetAppTokenRequest[] = [];
  /** Switched off: auth gives it no app token. */
  accountIsOff = false;
  /** What one command is answered, where that is not the usual. */
  answers: (request: ocppGateway.SendRequest) => Partial<ocppGateway.SendResponse> = () => ({});
  /** Runs while a command is under way, as a charger that acts before it answers. */
  whileSending: (request: ocppGateway.SendRequest) => Promise<void> = async () => {};
  private readonly stored = new Map<string, auth.DecideResponse>();

  /** What auth says of whoever signed a firmware. */
  firmwareSigner: auth.CheckFirmwareSignerResponse = { accepted: true, reason: '' };

  private constructor(
    private readonly server: GrpcServer,
    private port = 0,
  ) {}

  static async start(): Promise<Peers> {
    const tokens = new ServiceTokens({
      service: 'peers',
      secret: new Secret(RIG_SERVICE_SECRET),
      clock: systemClock,
    });
    const logger = createLogger({ service: 'peers', level: 'fatal' });
    const server = new GrpcServer({ tokens, clock: systemClock, logger });
    const peers = new Peers(server);
    server.add(auth.AuthServiceService, {
      decide: (request: auth.DecideRequest) => peers.decide(request),
      verifyStation: () => Promise.reject(unavailable('NOT_PLAYED', 'not played')),
      setStationCredential: (request: auth.SetStationCredentialRequest, { tenant }: GrpcCall) =>
        peers.setCredential(request, tenant),
      setStationSubprotocols: (request: auth.SetStationSubprotocolsRequest) => peers.setSubprotocols(request),
      setStationPings: (request: auth.SetStationPingsRequest) => peers.setPings(request),
      getAppToken: (request: auth.GetAppTokenRequest) => peers.appToken(request),
    });
    server.add(auth.CertificateServiceService, {
      requestCertificate: () => Promise.reject(unavailable('NOT_PLAYED', 'not played')),
      checkFirmwareSigner: async () => peers.firmwareSigner,
    });
    server.add(ocppGateway.CommandServiceService, {
      send: (request: ocppGateway.SendRequest) => peers.send(request),
      disconnect: async () => ({ disconnected: false }),
    });
    peers.port = await server.listen('127.0.0.1', 0);
    return peers;
  }

  get env(): Record<string, string> {
    const url = `127.0.0.1:${this.port}`;
    return { KW_AUTH_GRPC_URL: url, KW_OCPP_GATEWAY_GRPC_URL: url };
  }

  reset(): void {
    this.decisions = [];
    this.credentials = [];
    this.subprotocols = [];
    this.pings = [];
    this.commands = [];
    this.appTokens = [];
    this.accountIsOff = false;
    this.outcome = ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED;
    this.status = 'Accepted';
    this.authIsAway = false;
    this.blockedAreWelcome = false;
    this.firmwareSigner = { accepted: true, reason: '' };
    this.whileSending = async () => {};
    this.answers = () => ({});
  }

  close(): Promise<void> {
    return this.server.close(0);
  }

  private async decide(request: auth.DecideRequest): Promise<auth.DecideResponse> {
    if (this.authIsAway) throw unavailable('AUTH_AWAY', 'away');
    this.decisions.push(request);
    const held = request.decisionKey ? this.stored.get(request.decisionKey) : undefined;
    if (held) return held;
    const value = request.idToken?.value.toLowerCase() ?? '';
    const [kind = '', account = ''] = value.split('-');
    const answer = auth.DecideResponse.fromPartial({
      decisionId: `decision-${this.decisions.length}`,
      status:
        kind === 'blocked' && !this.blockedAreWelcome
          ? auth.DecisionStatus.DECISION_STATUS_BLOCKED
          : auth.DecisionStatus.DECISION_STATUS_ACCEPTED,
      groupId: 'fleet',
      tokenId: `token-${value}`,
      tokenMasked: `****${account}`,
      accountId: value === '' ? '' : account,
      ...(kind === 'prepaid' ? { credit: { amount: '12.50', currency: 'EUR' } } : {}),
    });
    if (request.decisionKey) this.stored.set(request.decisionKey, answer);
    return answer;
  }

  private async appToken(request: auth.GetAppTokenRequest): Promise<auth.GetAppTokenResponse> {
    const { accountId } = request;
    this.appTokens.push(request);
    if (this.accountIsOff) throw precondition('AUTH_ACCOUNT_INACTIVE', 'off');
    return {
      tokenId: `token-app-${accountId}`,
      idToken: { value: `app-${accountId}`, type: 'Central' },
      tokenMasked: '****app',
    };
  }

  private async setCredential(request: auth.SetStationCredentialRequest, tenant: string) {
    if (this.authIsAway) throw unavailable('AUTH_AWAY', 'away');
    this.credentials.push({ ...request, tenant });
    return {};
  }

  private async setSubprotocols(request: auth.SetStationSubprotocolsRequest) {
    if (this.authIsAway) throw unavailable('AUTH_AWAY', 'away');
    this.subprotocols.push(request);
    return {};
  }

  private async setPings(request: auth.SetStationPingsRequest) {
    if (this.authIsAway) throw unavailable('AUTH_AWAY', 'away');
    this.pings.push(request);
    return {};
  }

  private async send(request: ocppGateway.SendRequest): Promise<ocppGateway.SendResponse> {
    this.commands.push(request);
    await this.whileSending(request);
    return ocppGateway.SendResponse.fromPartial({
      outcome: this.outcome,
      status: this.status,
      payloadJson: JSON.stringify({ status: this.status }),
      commandId: `command-${this.commands.length}`,
      ...this.answers(request),
    });
  }
}
