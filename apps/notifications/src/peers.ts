import { auth, billing } from '@kilowatch/contracts';
import { provideGrpcClient, type ConfigOf, type GrpcClient } from '@kilowatch/platform';
import type { configShape } from './config.js';

export const PEOPLE = Symbol('people');
export type PeopleClient = GrpcClient<typeof auth.PeopleServiceService>;

/** Who has the papers of invoices. */
export const BILLING = Symbol('billing');
export type BillingClient = GrpcClient<typeof billing.BillingServiceService>;

export const peerProviders = [
  provideGrpcClient(
    PEOPLE,
    auth.PeopleServiceClient,
    (config: ConfigOf<typeof configShape>) => config.KW_AUTH_GRPC_URL,
  ),
  provideGrpcClient(
    BILLING,
    billing.BillingServiceClient,
    (config: ConfigOf<typeof configShape>) => config.KW_BILLING_GRPC_URL,
  ),
];
