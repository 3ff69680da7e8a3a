import { auth, billing, loadManagement, metering, sessions } from '@kilowatch/contracts';
import { Secret } from '@kilowatch/kernel';
import { GrpcServer, ServiceTokens, createLogger, systemClock } from '@kilowatch/platform';
import { RIG_SERVICE_SECRET } from '@kilowatch/testing';

type Method<Request, Response> = (request: Request) => Promise<Response>;

/** One answer of a peer that a test can change; remembers what it was asked. */
export class Play<Request, Response> {
  requests: Request[] = [];
  private answer: Method<Request, Response>;

  constructor(private readonly usual: (request: Request) => Response) {
    this.answer = async (request) => this.usual(request);
  }

  get last(): Request | undefined {
    return this.requests.at(-1);
  }

  does(answer: (request: Request) => Promise<Response> | Response): void {
    this.answer = async (request) => answer(request);
  }

  fails(error: Error): void {
    this.answer = () => Promise.reject(error);
  }

  reset(): void {
    this.requests = [];
    this.answer = async (request) => this.usual(request);
  }

  readonly method: Method<Request, Response> = (request) => {
    this.requests.push(request);
    return this.answer(request);
  };
}

export interface KnownStation {
  readonly stationId: string;
  readonly tenant?: string;
  readonly password?: string;
  readonly allowMissingSubprotocol?: boolean;
  readonly subprotocols?: string[];
  readonly pinged?: boolean;
  readonly credentialId?: string;
  /** Lowest profile it may come with. */
  readonly securityProfile?: number;
}

/** auth, sessions and metering in this process, behind real gRPC. */
export class Peers {
  readonly stations = new Map<string, KnownStation>();
  readonly verify = new Play<auth.VerifyStationRequest, auth.VerifyStationResponse>((request) =>
    this.verdict(request),
  );
  readonly decide = new Play<auth.DecideRequest, auth.DecideResponse>(() =>
    auth.DecideResponse.fromPartial({
      status: auth.DecisionStatus.DECISION_STATUS_ACCEPTED,
      groupId: 'GROUP',
    }),
  );
  readonly certificate = new Play<auth.RequestCertificateRequest, auth.RequestCertificateResponse>(() => ({
    accepted: true,
    reasonCode: '',
    reason: '',
  }));
  readonly contract = new Play<auth.GetContractCertificateRequest, auth.GetContractCertificateResponse>(
    () => ({ accepted: true, exiResponse: 'gA==', remaining: undefined, reasonCode: '', reason: '' }),
  );
  readonly certificateStatus = new Play<auth.GetCertificateStatusRequest, auth.GetCertificateStatusResponse>(
    () => ({ ocspResponse: Buffer.from('30030a0106', 'hex'), reasonCode: '', reason: '' }),
  );
  readonly chainStatus = new Play<auth.GetChainStatusRequest, auth.GetChainStatusResponse>(
    ({ certificates }) => ({
      certificates: certificates.map(() => ({ status: 'Good', nextUpdate: new Date() })),
    }),
  );
  readonly boot = new Play<sessions.RecordBootRequest, sessions.RecordBootResponse>(() => ({
    status: sessions.RegistrationStatus.REGISTRATION_STATUS_ACCEPTED,
    intervalSeconds: 300,
  }));
  readonly status = new Play<sessions.RecordConnectorStatusRequest, sessions.RecordConnectorStatusResponse>(
    () => ({
      changed: true,
    }),
  );
  readonly transaction = new Play<
    sessions.RecordTransactionEventRequest,
    sessions.RecordTransactionEventResponse
  >((request) =>
    sessions.RecordTransactionEventResponse.fromPartial({
      sessionId: 's',
      transactionRef: request.transactionRef || '4711',
      ...(request.idToken ? { tokenStatus: auth.DecisionStatus.DECISION_STATUS_ACCEPTED } : {}),
    }),
  );
  readonly report = new Play<sessions.RecordStationReportRequest, sessions.RecordStationReportResponse>(
    () => ({}),
  );
  readonly message = new Play<sessions.RecordStationMessageRequest, sessions.RecordStationMessageResponse>(
    () => ({ eventStream: undefined, dynamicSchedule: undefined }),
  );
  readonly standIn = new Play<sessions.ResolveStandInRequest, sessions.ResolveStandInResponse>(() => ({
    standsFor: undefined,
  }));
  readonly readings = new Play<metering.RecordReadingsRequest, metering.RecordReadingsResponse>(
    ({ sets }) => ({
      stored: sets.length,
      duplicates: 0,
    }),
  );
  readonly finalCost = new Play<billing.AwaitFinalCostRequest, billing.AwaitFinalCostResponse>(() => ({
    total: undefined,
  }));
  readonly vatNumber = new Play<billing.CheckVatNumberRequest, billing.CheckVatNumberResponse>(() =>
    billing.CheckVatNumberResponse.fromPartial({ accepted: true, reasonCode: 'FormatOnly' }),
  );
  readonly needs = new Play<
    loadManagement.RecordChargingNeedsRequest,
    loadManagement.RecordChargingNeedsResponse
  >(() => ({ status: 'ACCEPTED', reasonCode: '' }));
  readonly carSchedule = new Play<
    loadManagement.RecordChargingScheduleRequest,
    loadManagement.RecordChargingScheduleResponse
  >(() => ({ accepted: true, reasonCode: '' }));
  port = 0;
  private server: GrpcServer | undefined;

  static async start(): Promise<Peers> {
    const peers = new Peers();
    await peers.listen(0);
    return peers;
  }

  get env(): Record<string, string> {
    const url = `127.0.0.1:${this.port}`;
    return {
      KW_AUTH_GRPC_URL: url,
      KW_SESSIONS_GRPC_URL: url,
      KW_METERING_GRPC_URL: url,
      KW_BILLING_GRPC_URL: url,
      KW_LOAD_MANAGEMENT_GRPC_URL: url,
    };
  }

  reset(): void {
    for (const play of [
      this.verify,
      this.decide,
      this.certificate,
      this.contract,
      this.certificateStatus,
      this.chainStatus,
      this.boot,
      this.status,
      this.transaction,
      this.report,
      this.message,
      this.standIn,
      this.readings,
      this.finalCost,
      this.vatNumber,
      this.needs,
      this.carSchedule,
    ])
      play.reset();
  }

  async stop(): Promise<void> {
    await this.server?.close(100);
  }

  private async listen(port: number): Promise<void> {
    const tokens = new ServiceTokens({
      service: 'peers',
      secret: new Secret(RIG_SERVICE_SECRET),
      clock: systemClock,
    });
    this.server = new GrpcServer({
      tokens,
      clock: systemClock,
      logger: createLogger({ service: 'peers', level: 'silent' }),
    });
    const unused = () => Promise.reject(new Error('not played'));
    this.server.add(auth.AuthServiceService, {
      verifyStation: this.verify.method,
      decide: this.decide.method,
      setStationCredential: unused,
      setStationSubprotocols: unused,
      setStationPings: unused,
      getAppToken: unused,
    });
    this.server.add(auth.CertificateServiceService, {
      requestCertificate: this.certificate.method,
      checkFirmwareSigner: unused,
    });
    this.server.add(auth.ContractServiceService, {
      getContractCertificate: this.contract.method,
      getCertificateStatus: this.certificateStatus.method,
      getChainStatus: this.chainStatus.method,
    });
    this.server.add(sessions.SessionsServiceService, {
      recordBoot: this.boot.method,
      recordConnectorStatus: this.status.method,
      recordTransactionEvent: this.transaction.method,
      recordStationReport: this.report.method,
      recordStationMessage: this.message.method,
      resolveStandIn: this.standIn.method,
      listLocations: unused,
    });
    this.server.add(metering.MeteringServiceService, {
      recordReadings: this.readings.method,
      tellEnergySoFar: unused,
    });
    this.server.add(billing.BillingServiceService, {
      listTariffs: unused,
      listCdrs: unused,
      placeTariffs: unused,
      awaitFinalCost: this.finalCost.method,
      checkVatNumber: this.vatNumber.method,
      getInvoiceDocuments: unused,
    });
    this.server.add(loadManagement.LoadManagementServiceService, {
      recordChargingNeeds: this.needs.method,
      recordChargingSchedule: this.carSchedule.method,
    });
    this.port = await this.server.listen('127.0.0.1', port);
  }

  private verdict(request: auth.VerifyStationRequest): auth.VerifyStationResponse {
    const station = this.stations.get(request.identity.toLowerCase());
    const { StationVerdict } = auth;
    const verdict = ((): auth.StationVerdict => {
      if (station === undefined) return StationVerdict.STATION_VERDICT_UNKNOWN_STATION;
      if (request.securityProfile < (station.securityProfile ?? 0))
        return StationVerdict.STATION_VERDICT_PROFILE_MISMATCH;
      if (station.securityProfile === 3) {
        const { verified = false, commonName = '', fault = '' } = request.certificate ?? {};
        if (fault === 'client_certificate_expired') return StationVerdict.STATION_VERDICT_CERTIFICATE_EXPIRED;
        if (!verified) return StationVerdict.STATION_VERDICT_CERTIFICATE_UNTRUSTED;
        return commonName === request.identity
          ? StationVerdict.STATION_VERDICT_ACCEPTED
          : StationVerdict.STATION_VERDICT_CERTIFICATE_WRONG_NAME;
      }
      return (station.password ?? '') === Buffer.from(request.password).toString('latin1')
        ? StationVerdict.STATION_VERDICT_ACCEPTED
        : StationVerdict.STATION_VERDICT_BAD_CREDENTIALS;
    })();
    return auth.VerifyStationResponse.fromPartial({
      verdict,
      tenant: station?.tenant ?? 'demo',
      stationId: station?.stationId ?? '',
      identity: request.identity,
      allowMissingSubprotocol: station?.allowMissingSubprotocol ?? false,
      subprotocols: station?.subprotocols ?? [],
      pinged: station?.pinged,
      securityProfile: request.securityProfile,
      credentialId: station?.credentialId ?? '',
    });
  }
}
