import { auth } from '@kilowatch/contracts';
import { provideGrpcClient, type ConfigOf, type GrpcClient } from '@kilowatch/platform';
import type { configShape } from './config.js';

export const PEOPLE = Symbol('people');
export type PeopleClient = GrpcClient<typeof auth.PeopleServiceService>;

export const peerProviders = [
  provideGrpcClient(
    PEOPLE,
    auth.PeopleServiceClient,
    (config: ConfigOf<typeof configShape>) => config.KW_AUTH_GRPC_URL,
  ),
];
