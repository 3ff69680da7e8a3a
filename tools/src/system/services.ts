/**
 * The processes Kilowatch consists of and what each is told at start. One list for `npm start`, the demo, the
 * fault runs and the end-to-end tests, so that they all run the same system.
 */
export type Peer = 'auth' | 'sessions' | 'metering' | 'billing' | 'ocpp-gateway' | 'load-management';

export interface ServiceSpec {
  readonly name: string;
  /** Owns a database schema. */
  readonly database: boolean;
  readonly grpc: boolean;
  /** Serves a subgraph of the federated API. */
  readonly subgraph: boolean;
  /** Services it calls over gRPC. */
  readonly peers: readonly Peer[];
}

const subgraph = (name: string, grpc: boolean, peers: readonly Peer[] = []): ServiceSpec => ({
  name,
  database: true,
  grpc,
  subgraph: true,
  peers,
});

export const SERVICES: readonly ServiceSpec[] = [
  subgraph('auth', true, ['ocpp-gateway']),
  subgraph('sessions', true, ['auth', 'ocpp-gateway']),
  subgraph('metering', true),
  subgraph('ocpp-gateway', true, ['auth', 'sessions', 'metering', 'billing', 'load-management']),
  subgraph('billing', true, ['ocpp-gateway', 'metering']),
  subgraph('load-management', true, ['ocpp-gateway']),
  subgraph('insights', false),
  subgraph('notifications', false, ['auth', 'billing']),
  subgraph('feedback', false),
  subgraph('ocpi', false, ['sessions', 'billing']),
  { name: 'graphql-gateway', database: false, grpc: false, subgraph: false, peers: [] },
];

/** `load-management` -> `load_management`: schema, event service and part of the role's name. */
export function schemaOf(service: string): string {
  return service.replaceAll('-', '_');
}

/** `ocpp-gateway` -> `KW_OCPP_GATEWAY_GRPC_URL`. */
export function peerVariable(peer: Peer): string {
  return `KW_${schemaOf(peer).toUpperCase()}_GRPC_URL`;
}
