import { Injectable } from '@nestjs/common';
import { billing } from '@kilowatch/contracts';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { AwaitFinalCost } from '../../usecases/await-final-cost.js';
import { CheckVatNumber } from '../../usecases/check-vat-number.js';
import { DocumentsForMail } from '../../usecases/documents/documents-for-mail.js';
import { ListForRoaming } from '../../usecases/list-for-roaming.js';
import { PlaceTariffs } from '../../usecases/place-tariffs.js';

@Injectable()
export class BillingGrpc implements GrpcImplementation<typeof billing.BillingServiceService> {
  constructor(
    private readonly list: ListForRoaming,
    private readonly places: PlaceTariffs,
    private readonly finalCost: AwaitFinalCost,
    private readonly vatNumbers: CheckVatNumber,
    private readonly papers: DocumentsForMail,
  ) {}

  listTariffs(request: billing.ListTariffsRequest, call: GrpcCall): Promise<billing.ListTariffsResponse> {
    return this.list.tariffs(call.tenant, request);
  }

  listCdrs(request: billing.ListCdrsRequest, call: GrpcCall): Promise<billing.ListCdrsResponse> {
    return this.list.cdrs(call.tenant, request);
  }

  placeTariffs(request: billing.PlaceTariffsRequest, call: GrpcCall): Promise<billing.PlaceTariffsResponse> {
    return this.places.run(call.tenant, request);
  }

  awaitFinalCost(
    request: billing.AwaitFinalCostRequest,
    call: GrpcCall,
  ): Promise<billing.AwaitFinalCostResponse> {
    return this.finalCost.run(call.tenant, request);
  }

  checkVatNumber(
    request: billing.CheckVatNumberRequest,
    call: GrpcCall,
  ): Promise<billing.CheckVatNumberResponse> {
    return this.vatNumbers.run(call.tenant, request);
  }

  getInvoiceDocuments(
    request: billing.GetInvoiceDocumentsRequest,
    call: GrpcCall,
  ): Promise<billing.GetInvoiceDocumentsResponse> {
    return this.papers.run(call.tenant, request);
  }
}
