import { Inject, Injectable } from '@nestjs/common';
import { billing } from '@kilowatch/contracts';
import { invalid, isUuid, storableText, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import {
  readVatNumber,
  vatNumberText,
  vatVerdict,
  type Lookup,
  type VatNumber,
} from '../domain/vat-number.js';
import {
  findRegistered,
  listVatChecks,
  saveVatCheck,
  type VatCheck,
} from '../persistence/vat-check.repository.js';
import { VAT_REGISTER, type VatRegister } from './vat-register.js';

export type { VatCheck };

const MAX_TYPED = 20;
/** What a register said is good for a day. */
const FRESH_MS = 86_400_000;

/** The VAT number that a driver typed at a station: read, looked up where a register is set up, kept for whoever writes the invoice. */
@Injectable()
export class CheckVatNumber {
  constructor(
    private readonly database: Database,
    @Inject(VAT_REGISTER) private readonly register: VatRegister,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(tenant: string, request: billing.CheckVatNumberRequest): Promise<billing.CheckVatNumberResponse> {
    const { stationId, evseNumber } = request;
    if (!isUuid(stationId)) throw invalid('BILLING_STATION', 'This is not the id of a station.');
    const number = readVatNumber(request.vatNumber);
    const { lookup, askedRegisterAt } = number ? await this.lookup(tenant, number) : FORM_ONLY;
    const verdict = vatVerdict(number, lookup);
    await this.database.transaction(tenantScope(tenant), (tx) =>
      saveVatCheck(tx, {
        tenant,
        id: this.ids.newId(),
        stationId,
        evseNumber: evseNumber ?? undefined,
        vatNumber: number ? vatNumberText(number) : storableText(request.vatNumber).slice(0, MAX_TYPED),
        accepted: verdict.accepted,
        reasonCode: verdict.reasonCode,
        company: verdict.company,
        register: askedRegisterAt ? this.register.name : '',
        registerAskedAt: askedRegisterAt,
        askedAt: this.clock.now(),
      }),
    );
    const { accepted, reasonCode, reason, company } = verdict;
    return { accepted, reasonCode, reason, company: company && toWire(company) };
  }

  list(principal: Principal, page: { limit: number; after: SortKey | undefined }): Promise<VatCheck[]> {
    return this.database.read(tenantScope(principal.tenant), (tx) =>
      listVatChecks(tx, principal.tenant, page),
    );
  }

  /** The register is asked outside of any transaction. */
  private async lookup(
    tenant: string,
    number: VatNumber,
  ): Promise<{ lookup: Lookup; askedRegisterAt: Date | undefined }> {
    const now = this.clock.now();
    const since = new Date(now.getTime() - FRESH_MS);
    if (this.register.name === '') return FORM_ONLY;
    const held = await this.database.read(tenantScope(tenant), (tx) =>
      findRegistered(tx, tenant, vatNumberText(number), since),
    );
    if (held)
      return {
        lookup: { kind: 'registered', company: held.company },
        askedRegisterAt: held.registerAskedAt,
      };
    const lookup = await this.register.look(number);
    const isAsked = lookup.kind === 'registered' || lookup.kind === 'unknown';
    return { lookup, askedRegisterAt: isAsked ? now : undefined };
  }
}

const FORM_ONLY = { lookup: { kind: 'off' }, askedRegisterAt: undefined } as const;

function toWire(company: NonNullable<VatCheck['company']>): billing.Company {
  return {
    name: company.name,
    addressLine1: company.address1,
    addressLine2: company.address2,
    city: company.city,
    postalCode: company.postalCode,
    country: company.country,
  };
}
