import type { MeterValuesMessage } from '@kilowatch/ocpp';
import { meterSets } from './meter-sets.js';
import type { Handler } from './station-call.js';

/** Most of all traffic: no service is called for one message, the batcher calls metering for many. */
export const handleMeterValues: Handler<MeterValuesMessage> = async (ports, call, message, deviations) => {
  const { station, receivedAt } = call;
  await ports.readings.add(
    meterSets(
      {
        tenant: station.tenant,
        stationId: station.stationId,
        evseNumber: message.evseNumber,
        connectorNumber: message.connectorNumber,
        transactionRef: message.transactionRef,
        receivedAt,
        deviations,
      },
      message.readings,
    ),
  );
  return { type: 'empty' };
};
