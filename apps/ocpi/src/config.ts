import { z } from 'zod';
import { peers, port, secret, url } from '@kilowatch/platform';

export const configShape = {
  /** Where partners reach us; 0 takes a free port. */
  KW_OCPI_PORT: port().default(4100),
  /** The address of that port as partners see it, without a path: goes into versions, credentials and paging links. */
  KW_OCPI_PUBLIC_URL: url(),
  /** Our party: ISO 3166-1 alpha-2 country and the three characters of our operator id. */
  KW_OCPI_COUNTRY_CODE: z.string().regex(/^[A-Z]{2}$/, 'two capital letters'),
  KW_OCPI_PARTY_ID: z.string().regex(/^[A-Z0-9]{3}$/, 'three capital letters or digits'),
  KW_OCPI_BUSINESS_NAME: z.string().min(1).max(100).default('Kilowatch'),
  /** Currency told for sessions that have no price yet. */
  KW_OCPI_CURRENCY: z.string().length(3).default('EUR'),
  /** Base64 of 32 bytes: seals stored tokens. */
  KW_OCPI_TOKEN_KEY: secret(),
  ...peers('sessions', 'billing'),
};
