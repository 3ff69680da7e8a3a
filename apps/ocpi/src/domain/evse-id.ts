/**
 * The public id of an EVSE: `NL*KWD*E<identity>*<number>` (eMI3 / ISO 15118: capital letters, digits and `*`, at most
 * 48 characters in OCPI 2.2.1 mod_locations EVSE.evse_id). Derived, so it stays as long as the station's identity does.
 */
import type { Party } from './values.js';

const LONGEST_OUTLET = 26;

/** `evseUid` stands in for an identity that has other characters or is too long: two EVSEs never share an id. */
export function evseId(party: Party, stationIdentity: string, evseNumber: number, evseUid: string): string {
  const name = stationIdentity.toUpperCase();
  const outlet = /^[A-Z0-9]([A-Z0-9-]*[A-Z0-9])?$/.test(name) && name.length <= LONGEST_OUTLET;
  const local = outlet ? name.replaceAll('-', '*') : evseUid.replaceAll('-', '').slice(-20).toUpperCase();
  return `${party.countryCode}*${party.partyId}*E${local}*${evseNumber}`;
}
