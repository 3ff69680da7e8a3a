/**
 * The settings that decide whom a station lets charge without asking, and what it does when the answer comes late. Part 2 of 2.0.1:
 * AuthCtrlr, AuthCacheCtrlr, LocalAuthListCtrlr, TxCtrlr, ISO15118Ctrlr, SecurityCtrlr; 1.6 section 9, its security white paper and its
 * application note on plug and charge.
 */
import { key16, settingKey, variableName } from '@kilowatch/ocpp';

const KEYS_16 = [
  'AllowOfflineTxForUnknownId',
  'AuthorizationCacheEnabled',
  'AuthorizeRemoteTxRequests',
  'CentralContractValidationAllowed',
  'CertSigningRepeatTimes',
  'CertSigningWaitMinimum',
  'ContractValidationOffline',
  'ISO15118PnCEnabled',
  'LocalAuthListEnabled',
  'LocalAuthListMaxLength',
  'LocalAuthorizeOffline',
  'LocalPreAuthorize',
  'MaxEnergyOnInvalidId',
  'StopTransactionOnInvalidId',
];

const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  AuthCtrlr: [
    'AuthorizeRemoteStart',
    'DisableRemoteAuthorization',
    'Enabled',
    'LocalAuthorizeOffline',
    'LocalPreAuthorize',
    'MasterPassGroupId',
    'OfflineTxForUnknownIdEnabled',
  ],
  AuthCacheCtrlr: ['DisablePostAuthorize', 'Enabled', 'LifeTime', 'Policy'],
  ISO15118Ctrlr: ['CentralContractValidationAllowed', 'ContractValidationOffline', 'PnCEnabled'],
  LocalAuthListCtrlr: ['DisablePostAuthorize', 'Enabled', 'Entries', 'ItemsPerMessage'],
  SecurityCtrlr: ['CertSigningRepeatTimes', 'CertSigningWaitMinimum'],
  TxCtrlr: ['MaxEnergyOnInvalidId', 'StopTxOnInvalidId'],
};

/** By `settingKey`, of both generations. */
export const AUTHORIZATION_SETTINGS: readonly string[] = [
  ...KEYS_16.map(key16),
  ...Object.entries(VARIABLES).flatMap(([component, variables]) =>
    variables.map((variable) => variableName(component, variable)),
  ),
].map(settingKey);
