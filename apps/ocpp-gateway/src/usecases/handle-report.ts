import type { ReportMessage } from '@kilowatch/ocpp';
import { callOptions, type Handler } from './station-call.js';
import { placeToWire } from './variable-place.js';

export const handleReport: Handler<ReportMessage> = async (ports, call, message) => {
  await ports.sessions.recordStationReport(
    {
      stationId: call.station.stationId,
      requestId: message.requestId,
      seqNo: message.seqNo,
      last: !message.toBeContinued,
      variables: message.variables.map((variable) => ({
        ...placeToWire(variable),
        attributeType: variable.attributeType,
        value: variable.value ?? '',
        mutability: variable.mutability ?? '',
        dataType: variable.dataType ?? '',
        unit: variable.unit ?? '',
        possibleValues: variable.possibleValues ?? '',
      })),
      receivedAt: call.receivedAt,
    },
    callOptions(call),
  );
  return { type: 'empty' };
};
