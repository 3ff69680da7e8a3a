import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { isAppError, isUuid, notFound, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, Database, IDS, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import { readSigningRequest, type SigningRequest } from '@kilowatch/trust';
import { judgeRequest, type RequestVerdict } from '../domain/signing-request-check.js';
import { TRIGGERS, type CertificateType } from '../domain/station-certificate.js';
import { storeRequest } from '../persistence/certificate-request.repository.js';
import { findCredentialByStation } from '../persistence/station-credential.repository.js';
import { Authorities } from './authority/authorities.js';

export interface StationRequest {
  readonly stationId: string;
  /** PEM. */
  readonly csr: string;
  readonly type: string;
  readonly ocppRequestId: number | null;
  readonly protocol: string;
}

export type RequestAnswer =
  | { readonly accepted: true; readonly signing: SigningRequest; readonly commonName: string }
  | { readonly accepted: false; readonly code: string; readonly text: string };

/**
 * A station asks for a certificate (A02.FR.04): it is judged and put down at once, signed by and by (sign-certificates.ts). The same
 * request again is one request; each refusal is kept, so that the person who set the station up finds out why.
 */
@Injectable()
export class RequestCertificate {
  constructor(
    private readonly database: Database,
    private readonly authorities: Authorities,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async run(tenant: string, request: StationRequest): Promise<RequestAnswer> {
    const { stationId, csr } = request;
    const type = typeOf(request.type);
    const answer = await this.judge(tenant, stationId, csr, type);
    await this.database.transaction(tenantScope(tenant), (tx) =>
      storeRequest(
        tx,
        {
          tenant,
          id: this.ids.newId(),
          stationId,
          type,
          csr: csr.slice(0, LONGEST_KEPT),
          csrHash: createHash('sha256')
            .update(answer.accepted ? answer.signing.der : csr)
            .digest(),
          ocppRequestId: request.ocppRequestId,
          protocol: request.protocol,
          requestedBy: 'station',
          refusal: answer.accepted ? null : answer.text,
        },
        this.clock.now(),
      ),
    );
    if (!answer.accepted) {
      counter('kw_station_certificate_problems_total').inc({ problem: 'request_refused' });
      this.log.warn({ stationId, type, code: answer.code }, 'signing request of a station refused');
    }
    return answer;
  }

  /** Nothing is stored. Throws NOT_FOUND for a station that is not the tenant's. */
  async judge(tenant: string, stationId: string, csr: string, type: CertificateType): Promise<RequestAnswer> {
    const credential =
      isUuid(stationId) &&
      (await this.database.read(tenantScope(tenant), (tx) => findCredentialByStation(tx, tenant, stationId)));
    if (!credential) throw notFound('AUTH_STATION', 'There is no such station.');
    if ((await this.authorities.of(tenant)) === undefined)
      return {
        accepted: false,
        code: 'NoAuthority',
        text: 'No authority is configured here that could sign it.',
      };
    const signing = readable(csr);
    if (signing === undefined)
      return { accepted: false, code: 'Unreadable', text: 'This is no signing request (PKCS #10, PEM).' };
    const verdict: RequestVerdict = judgeRequest(
      signing,
      credential,
      this.authorities.policyOf(tenant),
      type,
    );
    return verdict.ok
      ? { accepted: true, signing, commonName: verdict.commonName }
      : { accepted: false, code: verdict.code, text: verdict.text };
  }
}

/** Of what may be longer than any request (OCPP 2.0.1: 5,500 characters), and is refused. */
const LONGEST_KEPT = 16_000;

/** A word of a later version is as good as none. */
export function typeOf(word: string): CertificateType {
  return Object.hasOwn(TRIGGERS, word) ? (word as CertificateType) : 'ChargingStationCertificate';
}

function readable(csr: string): SigningRequest | undefined {
  try {
    return readSigningRequest(csr);
  } catch (error) {
    if (isAppError(error) && error.kind === 'INVALID') return undefined;
    throw error;
  }
}
