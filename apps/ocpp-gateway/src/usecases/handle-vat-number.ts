import type { billing } from '@kilowatch/contracts';
import type { CompanyAddress, VatNumberMessage } from '@kilowatch/ocpp';
import { callOptions, type Handler } from './station-call.js';

/** The VAT number that a driver typed: billing says what is known of it. */
export const handleVatNumber: Handler<VatNumberMessage> = async (ports, call, message) => {
  const { vatNumber, evseNumber } = message;
  const request = { stationId: call.station.stationId, evseNumber: evseNumber ?? undefined, vatNumber };
  const { accepted, reasonCode, reason, company } = await ports.billing.checkVatNumber(
    request,
    callOptions(call),
  );
  return {
    type: 'vatNumber',
    accepted,
    vatNumber,
    evseNumber,
    reason: { code: reasonCode, text: reason },
    company: company ? addressOf(company) : null,
  };
};

function addressOf(company: billing.Company): CompanyAddress {
  return {
    name: company.name,
    address1: company.addressLine1,
    address2: company.addressLine2 || null,
    city: company.city,
    postalCode: company.postalCode || null,
    country: company.country,
  };
}
