import type { SessionFigures } from '../api/documents/session.js';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

export interface Word {
  readonly text: string;
  readonly tone: Tone;
}

type ChargingState = SessionFigures['chargingState'];

const CHARGING: Readonly<Record<ChargingState, Word>> = {
  CHARGING: { text: 'Charging', tone: 'good' },
  EV_CONNECTED: { text: 'Connected', tone: 'info' },
  SUSPENDED_EV: { text: 'Paused by the car', tone: 'info' },
  SUSPENDED_EVSE: { text: 'Paused by the station', tone: 'warn' },
  IDLE: { text: 'Not charging', tone: 'quiet' },
};

export function sessionWord(session: { state: 'ACTIVE' | 'ENDED'; chargingState: ChargingState }): Word {
  return session.state === 'ENDED' ? { text: 'Ended', tone: 'quiet' } : CHARGING[session.chargingState];
}

const STOP_REASONS: Readonly<Record<string, string>> = {
  Local: 'You stopped it at the station.',
  Remote: 'It was stopped from the app.',
  EVDisconnected: 'The cable was unplugged.',
  EVDisconnect: 'The cable was unplugged.',
  DeAuthorized: 'The station no longer accepted the card.',
  EmergencyStop: 'The emergency stop was pressed.',
  EnergyLimitReached: 'The energy limit was reached.',
  SOCLimitReached: 'The battery reached its limit.',
  TimeLimitReached: 'The time limit was reached.',
  PowerLoss: 'The station lost power.',
  PowerQuality: 'The grid was not good enough to go on.',
  GroundFault: 'The station found a ground fault.',
  OvercurrentFault: 'The station cut off an overcurrent.',
  Reboot: 'The station restarted.',
  ImmediateReset: 'The station was reset.',
  HardReset: 'The station was reset.',
  SoftReset: 'The station was reset.',
  UnlockCommand: 'The connector was unlocked.',
  StoppedByEV: 'The car ended it.',
};

export function stopReasonText(reason: string | null): string | undefined {
  if (reason === null || reason === '') return undefined;
  return STOP_REASONS[reason] ?? `Reason given by the station: ${reason}.`;
}

const DIMENSIONS: Readonly<Record<string, string>> = {
  ENERGY: 'Energy',
  TIME: 'Charging time',
  PARKING_TIME: 'Idle time',
  IDLE: 'Idle time',
  FLAT: 'Start fee',
  RESERVATION: 'Reservation',
};

export function dimensionText(dimension: string): string {
  return DIMENSIONS[dimension.toUpperCase()] ?? sentenceCase(dimension);
}

const START_METHODS: Readonly<Record<string, string>> = {
  RFID: 'with a card',
  COMMAND: 'from the app',
  OFFLINE: 'while the station was offline',
};

export const startMethodText = (method: string): string => START_METHODS[method] ?? sentenceCase(method);

const TOKEN_TYPES: Readonly<Record<string, string>> = {
  ISO14443: 'Card',
  ISO15693: 'Card',
  eMAID: 'Car (Plug & Charge)',
  MacAddress: 'Car',
  Central: 'App',
  Local: 'App',
  APP_USER: 'App',
  KeyCode: 'Code',
};

/** How a driver knows the credential: `Card ****C3D4`. */
export function tokenText({ type, masked }: { type: string; masked: string }): string {
  return `${TOKEN_TYPES[type] ?? sentenceCase(type)} ${masked}`;
}

/** `IEC_62196_T2` -> `Type 2`. */
export function connectorStandardText(standard: string): string {
  return STANDARDS[standard] ?? (standard === '' ? 'Connector' : standard.replaceAll('_', ' '));
}

const STANDARDS: Readonly<Record<string, string>> = {
  IEC_62196_T1: 'Type 1',
  IEC_62196_T2: 'Type 2',
  IEC_62196_T1_COMBO: 'CCS 1',
  IEC_62196_T2_COMBO: 'CCS',
  CHADEMO: 'CHAdeMO',
  NACS: 'NACS',
};

/** W a connector can give at most: phases x volts x amperes. */
export function connectorPowerW(connector: {
  powerType: string;
  maxCurrentA: number;
  maxVoltageV: number;
}): number {
  const phases = connector.powerType === 'AC_3_PHASE' ? 3 : 1;
  // Three-phase AC names the voltage between phases where it is 400 V, and to neutral where it is 230 V.
  const volts =
    phases === 3 && connector.maxVoltageV > 300
      ? connector.maxVoltageV / Math.sqrt(3)
      : connector.maxVoltageV;
  return Math.round(phases * volts * connector.maxCurrentA);
}

export const currentTypeText = (powerType: string): string => (powerType.startsWith('DC') ? 'DC' : 'AC');

export function sentenceCase(code: string): string {
  const words = code.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
