import { metering, ocppGateway } from '@kilowatch/contracts';
import { provideGrpcClient, type ConfigOf, type GrpcClient } from '@kilowatch/platform';
import type { configShape } from './config.js';

/** The gateway's command port. */
export const COMMANDS = Symbol('commands');
export type CommandClient = GrpcClient<typeof ocppGateway.CommandServiceService>;

/** What the meters say of running sessions. */
export const METERING = Symbol('metering');
export type MeteringClient = GrpcClient<typeof metering.MeteringServiceService>;

export const peerProviders = [
  provideGrpcClient(
    COMMANDS,
    ocppGateway.CommandServiceClient,
    (config: ConfigOf<typeof configShape>) => config.KW_OCPP_GATEWAY_GRPC_URL,
  ),
  provideGrpcClient(
    METERING,
    metering.MeteringServiceClient,
    (config: ConfigOf<typeof configShape>) => config.KW_METERING_GRPC_URL,
  ),
];
