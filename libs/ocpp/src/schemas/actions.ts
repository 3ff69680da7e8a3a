// Who may start which action, per version. A CALL from a charger outside its list is answered NotSupported when the
// action exists in the version and NotImplemented when it does not.

import type { OcppVersion } from '../version.js';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const STATION_16 = `
  Authorize BootNotification DataTransfer DiagnosticsStatusNotification FirmwareStatusNotification Heartbeat
  LogStatusNotification MeterValues SecurityEventNotification SignCertificate SignedFirmwareStatusNotification
  StartTransaction StatusNotification StopTransaction`;

const CSMS_16 = `
  CancelReservation CertificateSigned ChangeAvailability ChangeConfiguration ClearCache ClearChargingProfile DataTransfer
  DeleteCertificate ExtendedTriggerMessage GetCompositeSchedule GetConfiguration GetDiagnostics
  GetInstalledCertificateIds GetLocalListVersion GetLog InstallCertificate RemoteStartTransaction RemoteStopTransaction
  ReserveNow Reset SendLocalList SetChargingProfile SignedUpdateFirmware TriggerMessage UnlockConnector UpdateFirmware`;

const STATION_201 = `
  Authorize BootNotification ClearedChargingLimit DataTransfer FirmwareStatusNotification Get15118EVCertificate
  GetCertificateStatus Heartbeat LogStatusNotification MeterValues NotifyChargingLimit NotifyCustomerInformation
  NotifyDisplayMessages NotifyEVChargingNeeds NotifyEVChargingSchedule NotifyEvent NotifyMonitoringReport NotifyReport
  PublishFirmwareStatusNotification ReportChargingProfiles ReservationStatusUpdate SecurityEventNotification
  SignCertificate StatusNotification TransactionEvent`;

const CSMS_201 = `
  CancelReservation CertificateSigned ChangeAvailability ClearCache ClearChargingProfile ClearDisplayMessage
  ClearVariableMonitoring CostUpdated CustomerInformation DataTransfer DeleteCertificate GetBaseReport
  GetChargingProfiles GetCompositeSchedule GetDisplayMessages GetInstalledCertificateIds GetLocalListVersion GetLog
  GetMonitoringReport GetReport GetTransactionStatus GetVariables InstallCertificate PublishFirmware
  RequestStartTransaction RequestStopTransaction ReserveNow Reset SendLocalList SetChargingProfile SetDisplayMessage
  SetMonitoringBase SetMonitoringLevel SetNetworkProfile SetVariableMonitoring SetVariables TriggerMessage
  UnlockConnector UnpublishFirmware UpdateFirmware`;

const STATION_21 = `${STATION_201}
  BatterySwap ClosePeriodicEventStream GetCertificateChainStatus NotifyDERAlarm NotifyDERStartStop
  NotifyPeriodicEventStream NotifyPriorityCharging NotifySettlement OpenPeriodicEventStream
  PullDynamicScheduleUpdate ReportDERControl VatNumberValidation`;

const CSMS_21 = `${CSMS_201}
  AFRRSignal AdjustPeriodicEventStream ChangeTransactionTariff ClearDERControl ClearTariffs GetDERControl
  GetPeriodicEventStream GetTariffs NotifyAllowedEnergyTransfer NotifyWebPaymentStarted RequestBatterySwap SetDERControl
  SetDefaultTariff UpdateDynamicSchedule UsePriorityCharging`;

export const STATION_ACTIONS: Readonly<Record<OcppVersion, ReadonlySet<string>>> = {
  '1.6': words(STATION_16),
  '2.0.1': words(STATION_201),
  '2.1': words(STATION_21),
};

export const CSMS_ACTIONS: Readonly<Record<OcppVersion, ReadonlySet<string>>> = {
  '1.6': words(CSMS_16),
  '2.0.1': words(CSMS_201),
  '2.1': words(CSMS_21),
};

/** Actions whose loss would lose energy or money: a frame of theirs is never answered with an error lightly. */
const TRANSACTION_ACTIONS = words('StartTransaction StopTransaction TransactionEvent MeterValues');

export function isTransactionAction(action: string): boolean {
  return TRANSACTION_ACTIONS.has(action);
}
