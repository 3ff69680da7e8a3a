import { sessions } from '@kilowatch/contracts';
import { callOptions, type HandlerPorts, type StationCall } from './station-call.js';

type Family = Omit<sessions.RecordStationMessageRequest, 'stationId' | 'protocol' | 'receivedAt'>;

/** Hands what a station tells about itself to sessions; resolves when it is on disk. Exactly one family is given. */
export function recordStationMessage(
  ports: HandlerPorts,
  call: StationCall,
  family: Partial<Family>,
): Promise<sessions.RecordStationMessageResponse> {
  const { stationId, protocol } = call.station;
  const request = sessions.RecordStationMessageRequest.fromPartial({
    ...family,
    stationId,
    protocol,
    receivedAt: call.receivedAt,
  });
  return ports.sessions.recordStationMessage(request, callOptions(call));
}
