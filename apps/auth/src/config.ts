import { z } from 'zod';
import { flag, list, peers, secret, url } from '@kilowatch/platform';

export const configShape = {
  ...peers('ocpp-gateway'),
  /** ES256 private key, PKCS #8 PEM; signs access tokens. */
  KW_AUTH_SIGNING_KEY: secret(),
  /**
   * Certificates of stations, JSON by tenant (`*`: all others): `{"*": {"organisation": "Example Charging"}}`. All fields:
   * domain/certificate-policy.ts. Without an organisation no station gets a certificate.
   */
  KW_STATION_CERTIFICATES: z.string().optional(),
  /** The built-in authority: its key (PKCS #8 PEM), and its certificate with what is above it (PEM). Without, none but in development. */
  KW_STATION_CA_KEY: secret().optional(),
  KW_STATION_CA_CERT: z.string().optional(),
  /**
   * In place of KW_STATION_CA_KEY, a key that stays in HashiCorp Vault or OpenBao: address and mount of the Transit engine
   * (`https://vault.example.org:8200/v1/transit`), the key's name, a token that may sign with it, the CA of the server (PEM).
   */
  KW_STATION_CA_VAULT_URL: z.url({ protocol: /^https$/ }).optional(),
  KW_STATION_CA_VAULT_KEY: z.string().optional(),
  KW_STATION_CA_VAULT_TOKEN: secret().optional(),
  KW_STATION_CA_VAULT_NAMESPACE: z.string().default(''),
  KW_STATION_CA_VAULT_CA: z.string().default(''),
  /** Where others can fetch its CRL (`/station-ca.crl` of this service, published by you); written into certificates. */
  KW_STATION_CRL_URL: z.string().default(''),
  /** An authority that speaks EST (RFC 7030): `https://HOST/.well-known/est`, its CA (PEM), what we show it, `user:password`. */
  KW_EST_URL: z.string().optional(),
  KW_EST_CA: z.string().default(''),
  KW_EST_CLIENT_CERT: z.string().optional(),
  KW_EST_CLIENT_KEY: secret().optional(),
  KW_EST_PASSWORD: secret().optional(),
  /** Where stations of profile 2 and 3 connect (`wss://ocpp.example.org:9443/ocpp`): told to those that are upgraded. */
  KW_OCPP_TLS_URL: z.union([z.literal(''), z.url({ protocol: /^wss$/ })]).default(''),
  KW_OCPP_MTLS_URL: z.union([z.literal(''), z.url({ protocol: /^wss$/ })]).default(''),
  /** Network interface that upgraded 2.x stations use (OCPPInterfaceEnumType). */
  KW_OCPP_INTERFACE: z.string().default('Wired0'),
  /** Public keys (PEM, one after another) that are published too: the next one before it signs, the last one until its tokens are gone. */
  KW_AUTH_OTHER_KEYS: z.string().optional(),
  /** Base64, at least 32 bytes: keys hashes of presented tokens and passwords. */
  KW_TOKEN_KEY: secret(),
  /** JSON list of contract pools by tenant (docs in README.md). */
  KW_CONTRACT_POOLS: secret().optional(),
  KW_ACCESS_TOKEN_MINUTES: z.coerce.number().int().min(1).max(60).default(15),
  KW_REFRESH_TOKEN_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  /** Who has not confirmed their e-mail address does not sign in. */
  KW_VERIFIED_EMAIL_ONLY: flag().default(true),
  /** Tenants where drivers register by themselves, comma between them; without it the default tenant, empty nobody anywhere. */
  KW_REGISTRATION_TENANTS: list().optional(),
  /** Passkeys: the domain they are made for (a suffix of the host of each origin), and the origins that may use them. */
  KW_PASSKEY_RP_ID: z.string().default('localhost'),
  KW_PASSKEY_RP_NAME: z.string().default('Kilowatch'),
  KW_PASSKEY_ORIGINS: list().default(['http://localhost:4000']),
  /** Identity providers that people sign in with, JSON (domain/oidc-provider.ts); a secret for the secrets in it. */
  KW_OIDC_PROVIDERS: secret().optional(),
  /** The page of the portal that providers send people back to; registered there. */
  KW_OIDC_REDIRECT_URL: url().default('http://localhost:4000/sign-in/provider'),
  /** The first administrator of the default tenant; made at start when there is none. */
  KW_BOOTSTRAP_ADMIN_EMAIL: z.string().optional(),
  KW_BOOTSTRAP_ADMIN_PASSWORD: secret().optional(),
};
