import { Injectable } from '@nestjs/common';
import type { auth } from '@kilowatch/contracts';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { CheckFirmwareSigner } from '../../usecases/check-firmware-signer.js';
import { RequestCertificate } from '../../usecases/request-certificate.js';

@Injectable()
export class CertificateGrpc implements GrpcImplementation<typeof auth.CertificateServiceService> {
  constructor(
    private readonly requests: RequestCertificate,
    private readonly firmware: CheckFirmwareSigner,
  ) {}

  async requestCertificate(
    request: auth.RequestCertificateRequest,
    call: GrpcCall,
  ): Promise<auth.RequestCertificateResponse> {
    const answer = await this.requests.run(call.tenant, {
      stationId: request.stationId,
      csr: request.csr,
      type: request.certificateType,
      ocppRequestId: request.requestId ?? null,
      protocol: request.protocol,
    });
    return answer.accepted
      ? { accepted: true, reasonCode: '', reason: '' }
      : { accepted: false, reasonCode: answer.code, reason: answer.text };
  }

  checkFirmwareSigner(
    request: auth.CheckFirmwareSignerRequest,
    call: GrpcCall,
  ): Promise<auth.CheckFirmwareSignerResponse> {
    return this.firmware.run(call.tenant, request);
  }
}
