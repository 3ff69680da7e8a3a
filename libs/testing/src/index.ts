export { aSessionSnapshot } from './builders/session-snapshot.js';
export { aVehicle } from './builders/vehicle.js';
export type { ChargePlan } from './charger/charge-plan.js';
export {
  authorizeContract,
  fetchContract,
  type CarContract,
  type ContractAnswer,
} from './charger/contract.js';
export { TEST_VENDOR } from './charger/commands16.js';
export type { StopReason, Token } from './charger/dialect.js';
export { Fleet, type FleetMember, type FleetOptions } from './charger/fleet.js';
export { ledgerTotals, type LedgerEntry, type LedgerTotals } from './charger/ledger.js';
export type { Vehicle } from './charger/meter.js';
export type { Answer, Frame, Payload } from './charger/ocpp-socket.js';
export { CallRefused, CallTimeout, OcppSocket, SocketClosed } from './charger/ocpp-socket.js';
export { SeededRandom } from './charger/seeded-random.js';
export { TinyCsms } from './charger/tiny-csms.js';
export { TokenMemory, type TokenMemoryOptions } from './charger/token-memory.js';
export type { QueuedMessage, Reorder } from './charger/transaction-queue.js';
export { SimulatedTime, type SimulatedTimeOptions } from './charger/simulated-time.js';
export { VirtualCharger, type SeenCommand, type VirtualChargerOptions } from './charger/virtual-charger.js';
export { freeze, isAlive, killHard, thaw } from './faults/kill.js';
export { startTcpBalancer, type TcpBalancer } from './faults/tcp-balancer.js';
export { startTcpProxy, type TcpProxy } from './faults/tcp-proxy.js';
export { startNats, type NatsOptions, type NatsServer } from './infra/nats.js';
export { freePort, portAccepts } from './infra/ports.js';
export { findPostgres, startPostgres, type PostgresOptions, type PostgresServer } from './infra/postgres.js';
export {
  createTestDatabase,
  databaseUrl,
  testInfraUrl,
  type TestDatabase,
  type TestDatabaseOptions,
} from './infra/test-database.js';
export { MockEmsp, type OcpiAnswer } from './ocpi/mock-emsp.js';
export { ocpiDeviations, ocpiSchemasPresent, type EmittedOcpiBody } from './ocpi/reference-schemas.js';
export { referenceDataFolder } from './reference-data.js';
export { RIG_SERVICE_SECRET, ServiceRig, type Asker, type RigOptions } from './rig/service-rig.js';
export { startTokenIssuer, type TestPrincipal, type TokenIssuer } from './rig/token-issuer.js';
export {
  VirtualAuthenticator,
  type CreationOptions,
  type Misbehaviour,
  type RequestOptions,
} from './webauthn/virtual-authenticator.js';
export { waitFor, type WaitOptions } from './wait-for.js';
