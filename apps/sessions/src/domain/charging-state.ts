/**
 * What the car is doing within a session. OCPP 2.0.1 says it in TransactionEvent (ChargingStateEnumType, 3.14);
 * OCPP 1.6 only through the connector's StatusNotification (ChargePointStatus, 7.7).
 */
export const CHARGING_STATES = [
  'CHARGING',
  'EV_CONNECTED',
  'SUSPENDED_EV',
  'SUSPENDED_EVSE',
  'IDLE',
] as const;
export type ChargingState = (typeof CHARGING_STATES)[number];

const FROM_201: Readonly<Record<string, ChargingState>> = {
  charging: 'CHARGING',
  evconnected: 'EV_CONNECTED',
  suspendedev: 'SUSPENDED_EV',
  suspendedevse: 'SUSPENDED_EVSE',
  idle: 'IDLE',
};

// Available, Unavailable and Reserved say nothing about a running transaction; a fault interrupts the power.
const FROM_16: Readonly<Record<string, ChargingState>> = {
  preparing: 'EV_CONNECTED',
  charging: 'CHARGING',
  suspendedev: 'SUSPENDED_EV',
  suspendedevse: 'SUSPENDED_EVSE',
  finishing: 'EV_CONNECTED',
  faulted: 'SUSPENDED_EVSE',
};

/** Undefined when the text names no state: unknown words are kept out of the maths (Q13). */
export function chargingStateOf201(text: string): ChargingState | undefined {
  return FROM_201[text.toLowerCase()];
}

export function chargingStateOf16Status(status: string): ChargingState | undefined {
  return FROM_16[status.toLowerCase()];
}

/**
 * The state before anything was said. 1.6 starts a transaction when it is ready to deliver; 2.0.1 may start
 * it with the cable.
 */
export function initialChargingState(protocol: string): ChargingState {
  return isProtocol16(protocol) ? 'CHARGING' : 'EV_CONNECTED';
}

export function isProtocol16(protocol: string): boolean {
  return protocol === 'ocpp1.6';
}
