import { Injectable } from '@nestjs/common';
import { billing } from '@kilowatch/contracts';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { ListForRoaming } from '../../usecases/list-for-roaming.js';

@Injectable()
export class BillingGrpc implements GrpcImplementation<typeof billing.BillingServiceService> {
  constructor(private readonly list: ListForRoaming) {}

  listTariffs(request: billing.ListTariffsRequest, call: GrpcCall): Promise<billing.ListTariffsResponse> {
    return this.list.tariffs(call.tenant, request);
  }

  listCdrs(request: billing.ListCdrsRequest, call: GrpcCall): Promise<billing.ListCdrsResponse> {
    return this.list.cdrs(call.tenant, request);
  }
}
