import { billing } from '@kilowatch/contracts';
import { notFound, Secret, unavailable, type AppError } from '@kilowatch/kernel';
import { createLogger, GrpcServer, ServiceTokens, systemClock, type GrpcCall } from '@kilowatch/platform';
import { RIG_SERVICE_SECRET } from '@kilowatch/testing';

/** Billing behind real gRPC: it knows no invoice but those whose papers a test puts here. */
export class PlayedBilling {
  /** What it says of the papers of an invoice, by its id. */
  readonly papers = new Map<string, billing.GetInvoiceDocumentsResponse | AppError>();
  readonly asked: (billing.GetInvoiceDocumentsRequest & { tenant: string })[] = [];

  private constructor(
    private readonly server: GrpcServer,
    private port = 0,
  ) {}

  static async start(): Promise<PlayedBilling> {
    const logger = createLogger({ service: 'billing', level: 'fatal' });
    const secret = new Secret(RIG_SERVICE_SECRET);
    const tokens = new ServiceTokens({ service: 'billing', secret, clock: systemClock });
    const played = new PlayedBilling(new GrpcServer({ tokens, clock: systemClock, logger }));
    const notPlayed = () => Promise.reject(unavailable('NOT_PLAYED', 'not played'));
    played.server.add(billing.BillingServiceService, {
      listTariffs: notPlayed,
      listCdrs: notPlayed,
      placeTariffs: notPlayed,
      awaitFinalCost: notPlayed,
      checkVatNumber: notPlayed,
      getInvoiceDocuments: (request, { tenant }) => played.answer(request, tenant),
    });
    played.port = await played.server.listen('127.0.0.1', 0);
    return played;
  }

  get url(): string {
    return `127.0.0.1:${this.port}`;
  }

  close(): Promise<void> {
    return this.server.close(0);
  }

  private async answer(
    request: billing.GetInvoiceDocumentsRequest,
    tenant: GrpcCall['tenant'],
  ): Promise<billing.GetInvoiceDocumentsResponse> {
    this.asked.push({ ...request, tenant });
    const said =
      this.papers.get(request.invoiceId) ?? notFound('BILLING_INVOICE', 'There is no such invoice.');
    if (said instanceof Error) throw said;
    return said;
  }
}
