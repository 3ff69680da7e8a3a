import type { OcppVersion } from '@kilowatch/ocpp';
import type { Canaries } from './canaries.js';
import type { Cards } from './road-of-stations.js';
import type { TellingApi } from './telling-api.js';

const COMMAND = `mutation($input: SendCommandInput!) { sendCommand(input: $input) {
  outcome status errorCode errorDescription } }`;

export interface CommandedStation {
  readonly id: string;
  readonly version: OcppVersion;
}

/** Everything that an operator may say about a secret. */
export async function walkRoadOfOperators(
  api: TellingApi,
  operator: string,
  station: CommandedStation,
  cards: Cards,
  canaries: Canaries,
): Promise<void> {
  const { id: stationId, version } = station;
  const command = (action: string, payload: object) =>
    api.ask(COMMAND, { input: { stationId, action, payload, timeoutSeconds: 3 } }, operator);
  const password = canaries.password(`password an operator sets by a ${version} command`);
  const wanted = canaries.password(`password an operator wants of a ${version} station`);
  const inUrl = canaries.token(`password in an address told to a ${version} station`);
  if (version === '1.6') {
    await command('ChangeConfiguration', { key: 'AuthorizationKey', value: password });
    await command('ChangeConfiguration', { key: 'AuthorizationKey', value: password, extra: password });
    await command('GetConfiguration', { key: ['AuthorizationKey'] });
    const localAuthorizationList = [
      { idTag: cards.known, idTagInfo: { status: 'Accepted', parentIdTag: cards.unknown } },
    ];
    await command('SendLocalList', { listVersion: 1, updateType: 'Full', localAuthorizationList });
    await command('RemoteStartTransaction', { idTag: cards.known, connectorId: 1 });
    await command('ReserveNow', {
      connectorId: 1,
      expiryDate: new Date().toISOString(),
      idTag: cards.known,
      reservationId: 7,
    });
    await command('DataTransfer', {
      vendorId: 'org.example',
      data: JSON.stringify({ idTag: cards.unknown, password }),
    });
    await command('UpdateFirmware', {
      location: `ftp://kw:${inUrl}@files.example.org/f`,
      retrieveDate: new Date().toISOString(),
    });
    await bulk(api, operator, stationId, 'SendLocalList', {
      listVersion: 1,
      updateType: 'Full',
      localAuthorizationList,
    });
    await settings(api, operator, stationId, [{ name: 'AuthorizationKey', value: wanted }]);
  } else {
    const place = { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } };
    await command('SetVariables', { setVariableData: [{ ...place, attributeValue: password }] });
    await command('SetVariables', { setVariableData: [{ ...place, attributeValue: [password] }] });
    await command('GetVariables', { getVariableData: [place] });
    const apn = canaries.shortPassword(`password of a mobile network, told to a ${version} station`);
    const connectionData = {
      ocppVersion: 'OCPP20',
      ocppTransport: 'JSON',
      ocppCsmsUrl: 'wss://csms.example.org',
      messageTimeout: 30,
      securityProfile: 1,
      ocppInterface: 'Wired0',
      apn: { apn: 'internet', apnUserName: 'kw', apnPassword: apn, apnAuthentication: 'PAP' },
    };
    await command('SetNetworkProfile', { configurationSlot: 1, connectionData });
    const idToken = { idToken: cards.known, type: 'ISO14443' };
    const localAuthorizationList = [
      {
        idToken,
        idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: cards.unknown, type: 'Central' } },
      },
    ];
    await command('SendLocalList', { versionNumber: 1, updateType: 'Full', localAuthorizationList });
    await command('RequestStartTransaction', { remoteStartId: 1, idToken, evseId: 1 });
    await command('CertificateSigned', { certificateChain: cards.chain });
    await command('InstallCertificate', { certificateType: 'MORootCertificate', certificate: cards.chain });
    await command('GetLog', {
      logType: 'SecurityLog',
      requestId: 1,
      log: { remoteLocation: `sftp://kw:${inUrl}@files.example.org/l` },
    });
    await command('DataTransfer', { vendorId: 'org.example', data: { idToken: cards.unknown, password } });
    const customer = `mutation($input: RequestCustomerInformationInput!) { requestCustomerInformation(input: $input) { result { outcome } } }`;
    await api.ask(
      customer,
      { input: { stationId, idToken: { value: cards.known, type: 'ISO14443' }, report: true, clear: false } },
      operator,
    );
    await settings(api, operator, stationId, [
      { name: 'BasicAuthPassword', component: 'SecurityCtrlr', value: wanted },
    ]);
  }
  await bulk(api, operator, stationId, 'ChangeConfiguration', { key: 'AuthorizationKey', value: password });
}

async function bulk(
  api: TellingApi,
  operator: string,
  stationId: string,
  action: string,
  payload: object,
): Promise<void> {
  const query =
    'mutation($input: StartBulkCommandInput!) { startBulkCommand(input: $input) { bulkCommand { id } } }';
  const filter = { stationIds: [stationId] };
  const input = { filter, action, payload, idempotencyKey: `canary-${action}-${stationId}` };
  await api.ask(query, { input }, operator);
}

async function settings(
  api: TellingApi,
  operator: string,
  stationId: string,
  wanted: object[],
): Promise<void> {
  const query =
    'mutation($input: SetStationSettingsInput!) { setStationSettings(input: $input) { settings { name value } } }';
  await api.ask(query, { input: { stationId, settings: wanted } }, operator);
}

/** Cards: taken in, asked about, looked for. */
export async function bringInCards(
  api: TellingApi,
  operator: string,
  cards: Cards,
  accountEmail: string,
): Promise<void> {
  const importTokens = `mutation($input: ImportTokensInput!) { importTokens(input: $input) { problems { index message } } }`;
  const tokens = [
    { value: cards.known, type: 'ISO14443', accountEmail },
    { value: cards.keyCode, type: 'KeyCode', accountEmail },
    { value: cards.emaid, type: 'eMAID', accountEmail },
  ];
  const { importTokens: imported } = await api.need<{ importTokens: { problems: { message: string }[] } }>(
    importTokens,
    { input: { tokens } },
    operator,
  );
  if (imported.problems.length > 0)
    throw new Error(imported.problems.map(({ message }) => message).join('; '));
  // Refused: no such account, no such type, nonsense.
  await api.ask(importTokens, { input: { tokens: [{ value: cards.unknown, accountEmail: 'x' }] } }, operator);
  await api.ask(importTokens, { input: { tokens: [{ value: cards.unknown, type: 'KeyCard' }] } }, operator);
  await api.ask(importTokens, { input: { tokens: [{ value: [cards.unknown] }] } }, operator);
  await api.ask(importTokens, { input: { tokens: [{ value: cards.unknown, status: 'LOST' }] } }, operator);
  await api.ask(
    'query($search: String) { tokens(first: 5, search: $search) { totalCount } }',
    { search: cards.known },
    operator,
  );
}

/** Each card as an operator who asks why it does not charge. */
export async function explainCards(
  api: TellingApi,
  operator: string,
  stationId: string,
  cards: Cards,
): Promise<void> {
  const query = `query($input: ExplainAuthorizationInput!) { explainAuthorization(input: $input) { __typename } }`;
  const asked = [
    { token: cards.known },
    { token: cards.unknown },
    { token: cards.keyCode, tokenType: 'KeyCode' },
    { token: cards.emaid, tokenType: 'eMAID', certificateChain: cards.chain },
  ];
  for (const input of asked) await api.ask(query, { input: { ...input, stationId } }, operator);
}

/** Roots that contracts are believed below; and a key that somebody pastes where a certificate should be. */
export async function bringInTrust(
  api: TellingApi,
  operator: string,
  pems: { readonly root: string; readonly subs: string; readonly key: string; readonly chain: string },
): Promise<void> {
  const anchors =
    'mutation($input: ImportTrustAnchorsInput!) { importTrustAnchors(input: $input) { problems { message } } }';
  const intermediates =
    'mutation($input: ImportTrustIntermediatesInput!) { importTrustIntermediates(input: $input) { problems { message } } }';
  for (const pem of [pems.root, pems.key, pems.root + pems.key])
    await api.ask(anchors, { input: { purpose: 'CONTRACT', pem } }, operator);
  for (const pem of [pems.subs, pems.key]) await api.ask(intermediates, { input: { pem } }, operator);
}

/** A password that nobody but the station is told: it is learned there. */
export async function rotatePassword(api: TellingApi, operator: string, stationId: string): Promise<void> {
  const query = 'mutation($id: ID!) { rotateStationPassword(input: { stationId: $id }) { outcome } }';
  await api.ask(query, { id: stationId }, operator);
}
