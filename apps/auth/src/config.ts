import { z } from 'zod';
import { flag, list, peers, secret } from '@kilowatch/platform';

export const configShape = {
  ...peers('ocpp-gateway'),
  /** ES256 private key, PKCS #8 PEM; signs access tokens. */
  KW_AUTH_SIGNING_KEY: secret(),
  /** Base64, at least 32 bytes: keys hashes of presented tokens and passwords. */
  KW_TOKEN_KEY: secret(),
  KW_ACCESS_TOKEN_MINUTES: z.coerce.number().int().min(1).max(60).default(15),
  KW_REFRESH_TOKEN_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  /** Who has not confirmed their e-mail address does not sign in. */
  KW_VERIFIED_EMAIL_ONLY: flag().default(true),
  /** Tenants where drivers register by themselves, comma between them; without it the default tenant, empty nobody anywhere. */
  KW_REGISTRATION_TENANTS: list().optional(),
  /** The first administrator of the default tenant; made at start when there is none. */
  KW_BOOTSTRAP_ADMIN_EMAIL: z.string().optional(),
  KW_BOOTSTRAP_ADMIN_PASSWORD: secret().optional(),
};
