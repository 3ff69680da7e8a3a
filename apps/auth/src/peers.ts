import { ocppGateway } from '@kilowatch/contracts';
import { provideGrpcClient, type ConfigOf, type GrpcClient } from '@kilowatch/platform';
import type { configShape } from './config.js';

/** The gateway's command port. Use cases send through `StationCommands`. */
export const COMMANDS = Symbol('commands');
export type CommandClient = GrpcClient<typeof ocppGateway.CommandServiceService>;

export const peerProviders = [
  provideGrpcClient(
    COMMANDS,
    ocppGateway.CommandServiceClient,
    (config: ConfigOf<typeof configShape>) => config.KW_OCPP_GATEWAY_GRPC_URL,
  ),
];
