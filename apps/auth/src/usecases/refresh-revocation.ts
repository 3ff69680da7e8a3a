import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER, UnderWay, type DueWorkDefinition, type Logger, type Tx } from '@kilowatch/platform';
import { readCertificate } from '@kilowatch/trust';
import { DAY_MS } from '../domain/revocation-status.js';
import {
  forgetStatus,
  isKnownFromChain,
  putOff,
  statusKeyText,
  takeDueStatuses,
  type DueStatus,
} from '../persistence/ocsp-status.repository.js';
import { CheckRevocation } from './check-revocation.js';

const MOST_IN_FLIGHT = 20;
const TRY_AGAIN_MS = 10 * 60_000;
/** A contract that nobody charged with for so long need not be asked for before the driver comes back. */
const IN_USE_MS = 7 * DAY_MS;

/**
 * Asks again before answers run out, for contracts in use (P6), so that drivers do not wait for a responder. The request is put off in
 * a short transaction and made after its commit: no lock waits for a responder. What nobody uses is forgotten, and what only hash data named
 * when its answer has run out: stations could make up any number of serials.
 */
@Injectable()
export class RefreshRevocation implements DueWorkDefinition<DueStatus>, BeforeApplicationShutdown {
  readonly name = 'refresh-revocation';
  readonly intervalMs = 30_000;
  readonly limit = MOST_IN_FLIGHT;
  private readonly inFlight = new UnderWay();

  constructor(
    private readonly revocation: CheckRevocation,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  sideBySide({ key }: DueStatus): string {
    return statusKeyText(key);
  }

  take(tx: Tx, now: Date, limit: number): Promise<DueStatus[]> {
    return this.inFlight.atMost(MOST_IN_FLIGHT, limit, (room) => takeDueStatuses(tx, now, room));
  }

  async run(tx: Tx, row: DueStatus, now: Date): Promise<void> {
    const unused = now.getTime() - row.lastUsedAt.getTime() > IN_USE_MS;
    if (unused || !isKnownFromChain(row)) return forgetStatus(tx, row);
    await putOff(tx, row, new Date(now.getTime() + TRY_AGAIN_MS));
    tx.afterCommit(() => this.begin(row));
  }

  /** All requests that were begun are over: for tests and for the end. */
  beforeApplicationShutdown(): Promise<void> {
    return this.inFlight.idle();
  }

  private begin({ tenant, key, issuerDer, ocspUrls, crlUrls, lastUsedAt }: DueStatus): void {
    const subject = { serial: key.serialNumber, issuer: readCertificate(issuerDer), ocspUrls, crlUrls };
    const asking = this.revocation
      .refresh(tenant, subject, lastUsedAt)
      .catch((err: unknown) => this.log.error({ err, tenant }, 'revocation could not be refreshed'));
    void this.inFlight.add(asking);
  }
}
