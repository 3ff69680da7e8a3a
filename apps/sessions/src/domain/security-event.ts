/**
 * Security events of a station (OCPP 1.6 security white paper ed. 3 appendix, OCPP 2.0.1 part 2 appendix 1): those marked
 * critical there are told to the operator at once. A name that is in no list is kept, as not critical.
 */
export const CRITICAL_EVENTS: ReadonlySet<string> = new Set([
  'FirmwareUpdated',
  'SettingSystemTime',
  'StartupOfTheDevice',
  'ResetOrReboot',
  'SecurityLogWasCleared',
  'MemoryExhaustion',
  'TamperDetectionActivated',
  'InvalidFirmwareSignature',
  'InvalidFirmwareSigningCertificate',
  'InvalidCsmsCertificate',
  'InvalidCentralSystemCertificate',
  'InvalidChargingStationCertificate',
  'InvalidChargePointCertificate',
  'InvalidTLSVersion',
  'InvalidTLSCipherSuite',
]);

/** Critical by the list, and no part of a station's ordinary day (boots, resets, updates that we asked for). */
const ORDINARY: ReadonlySet<string> = new Set([
  'FirmwareUpdated',
  'SettingSystemTime',
  'StartupOfTheDevice',
  'ResetOrReboot',
]);

export interface SecurityEvent {
  readonly kind: string;
  readonly occurredAt: Date;
  readonly techInfo: string;
}

export function isCritical(kind: string): boolean {
  return CRITICAL_EVENTS.has(kind);
}

/** Whether somebody should look at it now. */
export function needsAttention(kind: string): boolean {
  return isCritical(kind) && !ORDINARY.has(kind);
}
