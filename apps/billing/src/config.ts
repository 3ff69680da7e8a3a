import { list, peers, port, secret, url } from '@kilowatch/platform';
import { z } from 'zod';

/** Settings of billing alone; what every service has is in the platform's base shape. */
export const configShape = {
  /** Who sells: legal name, address and VAT id as they stand on every invoice of this installation. */
  KW_SELLER_NAME: z.string().min(1),
  KW_SELLER_ADDRESS: z.string().min(1),
  KW_SELLER_VAT_ID: z.string().optional(),
  /** ISO 3166-1 alpha-2; empty when the address says it. */
  KW_SELLER_COUNTRY: z.string().default(''),
  /** The calendar that decides which year an invoice belongs to. */
  KW_SELLER_TIME_ZONE: z.string().default('UTC'),
  /** From the end of a month to its collective invoices: energy of its last sessions may be closed late. */
  KW_COLLECTIVE_INVOICE_HOURS: z.coerce.number().int().min(0).max(336).default(48),
  /** Series of the invoice numbers: 1 to 12 capital letters and digits. */
  KW_INVOICE_PREFIX: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{0,11}$/)
    .default('KW'),
  /** Series of the credit notes' numbers; another one than that of the invoices, which with a C behind it is the default. */
  KW_CREDIT_NOTE_PREFIX: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{0,11}$/)
    .optional(),
  /** Between two costs that a station is told of one session. */
  KW_COST_UPDATE_SECONDS: z.coerce.number().int().min(1).max(3600).default(60),
  /** Whether VAT numbers that drivers type at stations are looked up: vies asks the European Commission's service. */
  KW_VAT_REGISTER: z.enum(['none', 'vies']).default('none'),
  KW_VIES_URL: url().default('https://ec.europa.eu/taxation_customs/vies/rest-api'),
  /** Of ENTSO-E's web API; without it its feeds cannot be asked. */
  KW_ENTSOE_TOKEN: secret().optional(),
  KW_ENTSOE_URL: url().default('https://web-api.tp.entsoe.eu/api'),
  /** {area} is de or at. */
  KW_AWATTAR_URL: z.string().default('https://api.awattar.{area}/v1/marketdata'),
  KW_OCTOPUS_URL: url().default('https://api.octopus.energy/v1'),
  KW_NORD_POOL_URL: url().default('https://dataportal-api.nordpoolgroup.com/api'),
  /** Whether drivers may pay by card, and through whom. */
  KW_PAYMENTS: z.enum(['none', 'stripe']).default('none'),
  KW_STRIPE_URL: url().default('https://api.stripe.com'),
  KW_STRIPE_SECRET_KEY: secret().optional(),
  /** Of the webhook endpoint at Stripe: what it signs its messages with. */
  KW_STRIPE_WEBHOOK_SECRET: secret().optional(),
  /** For the driver's app; no secret. */
  KW_STRIPE_PUBLISHABLE: z.string().default(''),
  /** Where Stripe's pages may lead back to, whole addresses: the portal's /account/payment, pages of other apps. */
  KW_CARD_RETURN_URLS: list().default([]),
  /** Where Stripe's webhooks arrive, at /webhooks/stripe; 0 takes a free port. */
  KW_WEBHOOK_PORT: port().default(4200),
  /** Reserved on the card at the start of a session, in the currency of its price. */
  KW_CARD_AUTHORISE_AMOUNT: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,2})?$/, 'an amount such as 50 or 49.90')
    .default('50'),
  ...peers('ocpp-gateway', 'metering'),
};
