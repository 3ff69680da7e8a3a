import { auth, billing, loadManagement, metering, sessions } from '@kilowatch/contracts';
import { IN_BUNDLES, provideGrpcClient, type GrpcClient } from '@kilowatch/platform';
import type { GatewayConfig } from './config.js';

/** The services we ask. */
export const AUTH = Symbol('auth');
export const CERTIFICATES = Symbol('certificates');
export const CONTRACTS = Symbol('contracts');
export const SESSIONS = Symbol('sessions');
export const METERING = Symbol('metering');
export const BILLING = Symbol('billing');
export const LOAD_MANAGEMENT = Symbol('load-management');
export type AuthClient = GrpcClient<typeof auth.AuthServiceService>;
export type CertificatesClient = GrpcClient<typeof auth.CertificateServiceService>;
export type ContractsClient = GrpcClient<typeof auth.ContractServiceService>;
export type SessionsClient = GrpcClient<typeof sessions.SessionsServiceService>;
export type MeteringClient = GrpcClient<typeof metering.MeteringServiceService>;
export type BillingClient = GrpcClient<typeof billing.BillingServiceService>;
export type LoadManagementClient = GrpcClient<typeof loadManagement.LoadManagementServiceService>;

export const peerProviders = [
  provideGrpcClient(
    AUTH,
    auth.AuthServiceClient,
    (config: GatewayConfig) => config.KW_AUTH_GRPC_URL,
    IN_BUNDLES,
  ),
  provideGrpcClient(
    CERTIFICATES,
    auth.CertificateServiceClient,
    (config: GatewayConfig) => config.KW_AUTH_GRPC_URL,
  ),
  provideGrpcClient(
    CONTRACTS,
    auth.ContractServiceClient,
    (config: GatewayConfig) => config.KW_AUTH_GRPC_URL,
  ),
  provideGrpcClient(
    SESSIONS,
    sessions.SessionsServiceClient,
    (config: GatewayConfig) => config.KW_SESSIONS_GRPC_URL,
    IN_BUNDLES,
  ),
  provideGrpcClient(
    METERING,
    metering.MeteringServiceClient,
    (config: GatewayConfig) => config.KW_METERING_GRPC_URL,
  ),
  provideGrpcClient(
    BILLING,
    billing.BillingServiceClient,
    (config: GatewayConfig) => config.KW_BILLING_GRPC_URL,
  ),
  provideGrpcClient(
    LOAD_MANAGEMENT,
    loadManagement.LoadManagementServiceClient,
    (config: GatewayConfig) => config.KW_LOAD_MANAGEMENT_GRPC_URL,
  ),
];
