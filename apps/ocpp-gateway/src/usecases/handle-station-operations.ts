import type {
  CustomerInformationMessage,
  DisplayMessagesMessage,
  FirmwareStatusMessage,
  LogStatusMessage,
  ReservationUpdateMessage,
} from '@kilowatch/ocpp';
import { recordStationMessage } from './record-station-message.js';
import type { Handler } from './station-call.js';

/** What a station tells about a reservation, an update, a log, a message or a customer that we asked it about. */
export const handleReservationUpdate: Handler<ReservationUpdateMessage> = async (ports, call, message) => {
  const { reservationNumber, status } = message;
  await recordStationMessage(ports, call, { reservationUpdate: { reservationNumber, status } });
  return { type: 'empty' };
};

export const handleFirmwareStatus: Handler<FirmwareStatusMessage> = async (ports, call, message) => {
  const { kind, status, requestId } = message;
  await recordStationMessage(ports, call, {
    firmwareStatus: { kind, status, requestId: requestId ?? undefined },
  });
  return { type: 'empty' };
};

export const handleLogStatus: Handler<LogStatusMessage> = async (ports, call, { status, requestId }) => {
  await recordStationMessage(ports, call, { logStatus: { status, requestId: requestId ?? undefined } });
  return { type: 'empty' };
};

export const handleDisplayMessages: Handler<DisplayMessagesMessage> = async (ports, call, message) => {
  const messages = message.messages.map((shown) => ({
    ...shown,
    state: shown.state ?? '',
    language: shown.language ?? '',
    startAt: shown.startAt ?? undefined,
    endAt: shown.endAt ?? undefined,
    transactionRef: shown.transactionRef ?? '',
  }));
  const { requestId, toBeContinued } = message;
  await recordStationMessage(ports, call, {
    displayMessages: { requestId, last: !toBeContinued, messages },
  });
  return { type: 'empty' };
};

export const handleCustomerInformation: Handler<CustomerInformationMessage> = async (
  ports,
  call,
  { requestId, seqNo, toBeContinued, data, generatedAt },
) => {
  await recordStationMessage(ports, call, {
    customerInformation: { requestId, seqNo, last: !toBeContinued, data, generatedAt },
  });
  return { type: 'empty' };
};
