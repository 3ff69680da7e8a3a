import { auth, ocppGateway } from '@kilowatch/contracts';
import { IN_BUNDLES, provideGrpcClient, type GrpcClient } from '@kilowatch/platform';
import type { SessionsConfig } from './config.js';

/** The services we ask. */
export const AUTH = Symbol('auth');
export const CERTIFICATES = Symbol('certificates');
export const COMMANDS = Symbol('commands');
export type AuthClient = GrpcClient<typeof auth.AuthServiceService>;
export type CertificatesClient = GrpcClient<typeof auth.CertificateServiceService>;
export type CommandClient = GrpcClient<typeof ocppGateway.CommandServiceService>;

export const peerProviders = [
  provideGrpcClient(
    AUTH,
    auth.AuthServiceClient,
    (config: SessionsConfig) => config.KW_AUTH_GRPC_URL,
    IN_BUNDLES,
  ),
  provideGrpcClient(
    CERTIFICATES,
    auth.CertificateServiceClient,
    (config: SessionsConfig) => config.KW_AUTH_GRPC_URL,
  ),
  provideGrpcClient(
    COMMANDS,
    ocppGateway.CommandServiceClient,
    (config: SessionsConfig) => config.KW_OCPP_GATEWAY_GRPC_URL,
  ),
];
