import { Injectable } from '@nestjs/common';
import { auth } from '@kilowatch/contracts';
import { invalid, isUuid } from '@kilowatch/kernel';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { CertificateStatus } from '../../usecases/certificate-status.js';
import { GetContractCertificate } from '../../usecases/get-contract-certificate.js';

/** ISO 15118-2 and -20 requests are a few KB; 2.1 allows 11,000 characters. */
const LONGEST_REQUEST = 20_000;

@Injectable()
export class ContractGrpc implements GrpcImplementation<typeof auth.ContractServiceService> {
  constructor(
    private readonly contracts: GetContractCertificate,
    private readonly statuses: CertificateStatus,
  ) {}

  async getContractCertificate(
    request: auth.GetContractCertificateRequest,
    call: GrpcCall,
  ): Promise<auth.GetContractCertificateResponse> {
    checkStation(request.stationId);
    if (request.exiRequest.length > LONGEST_REQUEST)
      throw invalid('AUTH_EXI_REQUEST', `A request has at most ${LONGEST_REQUEST} characters.`);
    const answer = await this.contracts.run(call.tenant, request);
    return { ...answer, remaining: answer.remaining };
  }

  async getCertificateStatus(
    { stationId, hash }: auth.GetCertificateStatusRequest,
    call: GrpcCall,
  ): Promise<auth.GetCertificateStatusResponse> {
    checkStation(stationId);
    if (!hash) throw invalid('AUTH_HASH_DATA', 'The hash data are missing.');
    const { ocspResponse, reasonCode, reason } = await this.statuses.raw(call.tenant, hash);
    return { ocspResponse: Buffer.from(ocspResponse), reasonCode, reason };
  }

  async getChainStatus(
    { stationId, certificates }: auth.GetChainStatusRequest,
    call: GrpcCall,
  ): Promise<auth.GetChainStatusResponse> {
    checkStation(stationId);
    if (certificates.length > 4) throw invalid('AUTH_HASH_DATA', 'At most four certificates at a time.');
    return { certificates: await this.statuses.chain(call.tenant, certificates) };
  }
}

function checkStation(stationId: string): void {
  if (!isUuid(stationId)) throw invalid('AUTH_STATION', 'station_id is not the id of a station.');
}
