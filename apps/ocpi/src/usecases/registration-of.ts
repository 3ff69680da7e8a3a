import { mainRole, OCPI_VERSION, type Credentials } from '../domain/credentials.js';
import type { Registration } from '../persistence/partner.repository.js';
import type { Offered } from './partner-client.js';

/** What is kept of a partner whose credentials were taken; `sealed`: its token, as it is kept. */
export function registrationOf(
  theirs: Credentials,
  offered: Offered,
  sealed: Buffer,
  at: Date,
): Registration {
  const { country_code, party_id } = mainRole(theirs);
  return {
    countryCode: country_code.toUpperCase(),
    partyId: party_id.toUpperCase(),
    roles: theirs.roles,
    version: OCPI_VERSION,
    versionsUrl: theirs.url,
    endpoints: offered.endpoints,
    theirToken: sealed,
    tokenEncoding: offered.encoding,
    at,
  };
}
