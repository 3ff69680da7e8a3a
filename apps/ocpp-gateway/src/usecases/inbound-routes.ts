import type { ChargerAnswer, ChargerMessage } from '@kilowatch/ocpp';
import { handleAuthorize } from './handle-authorize.js';
import { handleBoot } from './handle-boot.js';
import { handleConnectorStatus } from './handle-connector-status.js';
import { handleDataTransfer } from './handle-data-transfer.js';
import { handleHeartbeat } from './handle-heartbeat.js';
import { handleMeterValues } from './handle-meter-values.js';
import { handleNotice } from './handle-notice.js';
import { handleReport } from './handle-report.js';
import { handleTransaction } from './handle-transaction.js';
import type { Handler, HandlerPorts, StationCall } from './station-call.js';

type Routes = { readonly [T in ChargerMessage['type']]: Handler<Extract<ChargerMessage, { type: T }>> };

/** The road of each message of a charger. */
export const ROUTES: Routes = {
  boot: handleBoot,
  heartbeat: handleHeartbeat,
  connectorStatus: handleConnectorStatus,
  authorize: handleAuthorize,
  transaction: handleTransaction,
  meterValues: handleMeterValues,
  report: handleReport,
  dataTransfer: handleDataTransfer,
  other: handleNotice,
};

export function route(
  ports: HandlerPorts,
  call: StationCall,
  message: ChargerMessage,
  deviations: readonly string[],
): Promise<ChargerAnswer> {
  const handler = ROUTES[message.type] as Handler<ChargerMessage>;
  return handler(ports, call, message, deviations);
}
