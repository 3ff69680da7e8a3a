import { billing, sessions } from '@kilowatch/contracts';
import { Secret, unavailable } from '@kilowatch/kernel';
import { createLogger, GrpcServer, ServiceTokens, systemClock, type GrpcCall } from '@kilowatch/platform';
import { RIG_SERVICE_SECRET } from '@kilowatch/testing';

interface PageRequest {
  readonly offset: number;
  readonly limit: number;
  readonly dateFrom?: Date | undefined;
  readonly dateTo?: Date | undefined;
}

/** Sessions and billing behind real gRPC, with what the test puts into them, by tenant. */
export class Peers {
  locations = new Map<string, sessions.Location[]>();
  tariffs = new Map<string, billing.Tariff[]>();
  cdrs = new Map<string, billing.Cdr[]>();
  /** Ids of the tariffs that stations have instead of the default, and when one of them changed. */
  stationTariffs = new Map<string, string>();
  tariffsChangedAt: Date | undefined;
  /** CDRs that one message has room for. */
  room = Number.POSITIVE_INFINITY;
  away = false;
  cdrCalls = 0;

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
    const notPlayed = () => Promise.reject(unavailable('NOT_PLAYED', 'not played'));
    server.add(sessions.SessionsServiceService, {
      recordBoot: notPlayed,
      recordConnectorStatus: notPlayed,
      recordTransactionEvent: notPlayed,
      recordStationReport: notPlayed,
      recordStationMessage: notPlayed,
      resolveStandIn: notPlayed,
      listLocations: async (request: sessions.ListLocationsRequest, { tenant }: GrpcCall) => {
        const all = peers
          .of(peers.locations, tenant)
          .filter((location) => request.locationId === '' || location.locationId === request.locationId)
          .filter((location) => location.published || !request.publishedOnly)
          .map((location) => ({ ...location, lastUpdated: laterOf(location.lastUpdated, request.raisedAt) }));
        const { rows, total } = pageOf(all, request);
        return { locations: rows, total };
      },
    });
    server.add(billing.BillingServiceService, {
      awaitFinalCost: notPlayed,
      checkVatNumber: notPlayed,
      getInvoiceDocuments: notPlayed,
      listTariffs: async (request: billing.ListTariffsRequest, { tenant }: GrpcCall) => {
        const { rows, total } = pageOf(peers.of(peers.tariffs, tenant), request);
        return { tariffs: rows, total };
      },
      placeTariffs: async ({ places }: billing.PlaceTariffsRequest, { tenant }: GrpcCall) => {
        const usual = peers.of(peers.tariffs, tenant).find(({ isDefault }) => isDefault)?.tariffId ?? '';
        const tariffIds = places.map(({ stationId }) => peers.stationTariffs.get(stationId) ?? usual);
        return { tariffIds, changedAt: peers.tariffsChangedAt };
      },
      listCdrs: async (request: billing.ListCdrsRequest, { tenant }: GrpcCall) => {
        peers.cdrCalls += 1;
        const { rows, total } = pageOf(peers.of(peers.cdrs, tenant), request);
        return { cdrs: request.fitting ? rows.slice(0, peers.room) : rows, total };
      },
    });
    peers.port = await server.listen('127.0.0.1', 0);
    return peers;
  }

  get env(): Record<string, string> {
    const url = `127.0.0.1:${this.port}`;
    return { KW_SESSIONS_GRPC_URL: url, KW_BILLING_GRPC_URL: url };
  }

  close(): Promise<void> {
    return this.server.close(0);
  }

  private of<T>(rows: ReadonlyMap<string, T[]>, tenant: string): T[] {
    if (this.away) throw unavailable('PEER_AWAY', 'away');
    return rows.get(tenant) ?? [];
  }
}

function laterOf(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a && b ? new Date(Math.max(a.getTime(), b.getTime())) : (a ?? b);
}

function pageOf<T extends { lastUpdated?: Date | undefined }>(
  all: readonly T[],
  request: PageRequest,
): { rows: T[]; total: number } {
  const matching = all.filter(({ lastUpdated }) => {
    const at = lastUpdated?.getTime() ?? 0;
    return (
      (!request.dateFrom || at >= request.dateFrom.getTime()) &&
      (!request.dateTo || at < request.dateTo.getTime())
    );
  });
  return { rows: matching.slice(request.offset, request.offset + request.limit), total: matching.length };
}
