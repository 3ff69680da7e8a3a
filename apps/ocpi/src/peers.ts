import { billing, sessions } from '@kilowatch/contracts';
import { provideGrpcClient, type ConfigOf, type GrpcClient } from '@kilowatch/platform';
import type { configShape } from './config.js';

/** The services we ask. */
export const SESSIONS = Symbol('sessions');
export const BILLING = Symbol('billing');
export type SessionsClient = GrpcClient<typeof sessions.SessionsServiceService>;
export type BillingClient = GrpcClient<typeof billing.BillingServiceService>;

type Config = ConfigOf<typeof configShape>;

export const peerProviders = [
  provideGrpcClient(
    SESSIONS,
    sessions.SessionsServiceClient,
    (config: Config) => config.KW_SESSIONS_GRPC_URL,
  ),
  provideGrpcClient(BILLING, billing.BillingServiceClient, (config: Config) => config.KW_BILLING_GRPC_URL),
];
