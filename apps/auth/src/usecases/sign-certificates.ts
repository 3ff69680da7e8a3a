import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { UnderWay, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import {
  leaseRequest,
  takeRequests,
  type CertificateRequest,
} from '../persistence/certificate-request.repository.js';
import { DeliverCertificate } from './deliver-certificate.js';

const MOST_IN_FLIGHT = 16;
/** Longer than an authority and a station may take together. */
const LEASE_MS = 90_000;

/** Signs what stations asked for and tells them: the lease is committed before anybody is asked. */
@Injectable()
export class SignCertificates implements DueWorkDefinition<CertificateRequest>, BeforeApplicationShutdown {
  readonly name = 'sign-certificates';
  readonly intervalMs = 500;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(private readonly deliver: DeliverCertificate) {}

  take(tx: Tx, now: Date, limit: number): Promise<CertificateRequest[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => takeRequests(tx, now, room));
  }

  async run(tx: Tx, request: CertificateRequest, now: Date): Promise<void> {
    await leaseRequest(tx, request, new Date(now.getTime() + LEASE_MS));
    tx.afterCommit(
      () => void this.underWay.add(this.deliver.run({ ...request, attempts: request.attempts + 1 })),
    );
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.underWay.idle();
  }
}
