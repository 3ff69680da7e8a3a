/**
 * Sessions (OCPI 2.2.1 mod_sessions). ACTIVE until its end and its CDR are there, in whichever order we hear of them, so that nothing
 * changes after COMPLETED (S1): an ended session has its end time at once, its final energy and cost with the CDR.
 */
import { authMethod, cdrToken } from './cdr-token.js';
import { dateTime, kwhOf, NOT_APPLICABLE, present, priceOf, type Party } from './values.js';

export interface SessionSource {
  readonly sessionId: string;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  readonly locationId: string;
  readonly evseUid: string;
  readonly connectorId: string;
  readonly tokenId: string;
  readonly tokenType: string;
  readonly startMethod: string;
  readonly energyMwh: number | undefined;
  readonly cost:
    { readonly currency: string; readonly exclVat: string; readonly inclVat: string } | undefined;
  readonly lastUpdated: Date;
}

/** `currency`: told while the session has no price yet. */
export function sessionObject(source: SessionSource, party: Party, currency: string) {
  const { cost } = source;
  return {
    country_code: party.countryCode,
    party_id: party.partyId,
    id: source.sessionId,
    start_date_time: dateTime(source.startedAt),
    ...present({ end_date_time: source.endedAt && dateTime(source.endedAt) }),
    kwh: kwhOf(source.energyMwh ?? 0),
    cdr_token: cdrToken(party, source.tokenId, source.tokenType),
    auth_method: authMethod(source.startMethod),
    location_id: source.locationId || NOT_APPLICABLE,
    evse_uid: source.evseUid || NOT_APPLICABLE,
    connector_id: source.connectorId || NOT_APPLICABLE,
    currency: cost?.currency ?? currency,
    ...present({ total_cost: cost && priceOf(cost.exclVat, cost.inclVat) }),
    status: cost && source.endedAt ? ('COMPLETED' as const) : ('ACTIVE' as const),
    last_updated: dateTime(source.lastUpdated),
  };
}
