// Accounts, security, cards, machine clients, the audit log and incidents of the mock: kept in memory, no code is checked.
import { randomUUID } from 'node:crypto';
import { ACCOUNTS } from './world.mjs';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const HOUR = 3_600_000;

/** Root fields about people. `page` cuts a list, `signedIn` makes a sign-in of a role. */
export function peopleFields(startMs, { bus, page, signedIn, deny, station }) {
  const at = (ms) => new Date(ms).toISOString();
  const now = () => at(Date.now());
  const codes = () => Array.from({ length: 10 }, () => randomUUID().slice(0, 13));
  const security = { emailConfirmed: true, totpSince: null, recoveryCodesLeft: 0, secondFactorWanted: false };
  const passkeys = [
    { id: 'pk1', name: 'Phone', backedUp: true, createdAt: at(startMs - 240 * HOUR), lastUsedAt: null },
  ];
  let signIns = ['Firefox on Linux', 'Kilowatch on Android', 'Safari on iOS'].map((device, i) => ({
    id: `si${i}`,
    device,
    method: ['PASSWORD', 'PASSKEY', 'PASSWORD_AND_CODE'][i],
    address: '203.0.113.5',
    startedAt: at(startMs - (i + 1) * 9 * HOUR),
    lastUsedAt: at(startMs - i * HOUR),
    expiresAt: at(startMs + 700 * HOUR),
    current: i === 0,
  }));
  const tokens = [
    { id: 't1', masked: '****C3D4', type: 'ISO14443', status: 'ACTIVE', name: 'Blue fob', expiresAt: null },
    {
      id: 't2',
      masked: '****0042',
      type: 'eMAID',
      status: 'ACTIVE',
      name: null,
      expiresAt: at(startMs + 9e9),
    },
    { id: 't3', masked: '****9911', type: 'ISO14443', status: 'BLOCKED', name: null, expiresAt: null },
  ].map((token) => ({ ...token, blockedByHolder: false, openSessions: [] }));
  const uses = Array.from({ length: 24 }, (_, i) => ({
    id: `u${i}`,
    tokenId: i % 5 === 4 ? 't3' : 't1',
    purpose: i % 2 ? 'STOP' : 'START',
    status: i % 5 === 4 ? 'BLOCKED' : 'ACCEPTED',
    stationId: station.id,
    stationIdentity: station.identity,
    locationName: 'Harbour Garage',
    evseNumber: (i % 2) + 1,
    offline: i === 3,
    at: at(startMs - i * 5 * HOUR),
    runningSession: null,
  }));
  const attemptRules = {
    blockClones: false,
    refusalDelayMs: 0,
    rules: [
      {
        rule: 'TOKEN_GUESSING',
        enabled: true,
        settings: [
          { name: 'distinctTokens', value: 5, default: 5, minimum: 2, maximum: 1000, unit: 'tokens' },
          { name: 'windowSeconds', value: 600, default: 600, minimum: 60, maximum: 86_400, unit: 'seconds' },
        ],
      },
    ],
  };
  const contracts = tokens
    .filter(({ type }) => type === 'eMAID')
    .map((token) => ({
      id: token.id,
      token: { ...token, account: ACCOUNTS.driver ?? null },
      masked: 'DE-8AA-****0042',
      provider: 'DE-8AA',
      status: token.status,
      validUntil: at(startMs + 9e9),
      certificates: [{ serial: '1f', revoked: false }],
      installations: [
        { at: at(startMs - 9e9), stationIdentity: station.identity, locationName: 'Harbour Garage' },
      ],
      lastUse: { at: at(startMs - HOUR), stationIdentity: station.identity, locationName: 'Harbour Garage' },
      removalRequest: null,
    }));
  const contractRequests = [];
  const askContract = (kind, masked, { name = null, note = null }) => {
    const request = {
      ...{ id: randomUUID(), kind, state: 'WAITING', masked, name, note, createdAt: now() },
      ...{ decidedAt: null, reason: null, proof: null, account: ACCOUNTS.driver ?? null },
    };
    contractRequests.unshift(request);
    return { request };
  };
  const unknownTokens = [2, 40].map((minutesAgo, i) => ({
    id: `unknown-${i}`,
    masked: `****AA0${i}`,
    type: 'ISO14443',
    firstSeen: at(startMs - minutesAgo * 60_000),
    lastSeen: at(startMs - minutesAgo * 60_000),
    times: i + 1,
    ignored: false,
    stations: [station],
  }));
  const people = Object.values(ACCOUNTS).map((one) => ({
    ...one,
    active: true,
    createdAt: at(startMs - 900 * HOUR),
  }));
  const policy = { secondFactorRoles: ['ADMIN'] };
  const clients = [];
  const incident = {
    id: 'in1',
    rule: 'TOKEN_GUESSING',
    severity: 'MEDIUM',
    status: 'OPEN',
    firstSeen: at(startMs - HOUR),
    lastSeen: at(startMs - HOUR / 4),
    count: 7,
    station,
    token: null,
    tokenMasked: null,
    identity: null,
    address: null,
    watchesToken: false,
    suggestedAction: 'Send somebody to look.',
    closesAt: at(startMs + HOUR),
    closedAt: null,
    closeReason: null,
    closedBy: null,
    closeNote: null,
    evidence: Array.from({ length: 7 }, (_, i) => ({
      id: `sign${i}`,
      at: at(startMs - HOUR + i * 60_000),
      times: 1,
      station,
      evseNumber: 1,
      tokenMasked: `****00${i}0`,
      identity: null,
      address: null,
      detail: 'unknown_token',
    })),
  };
  const audit = Array.from({ length: 120 }, (_, i) => ({
    id: `au${i}`,
    occurredAt: at(startMs - i * HOUR),
    actorKind: i % 7 ? 'PERSON' : 'SYSTEM',
    actorId: i % 7 ? 'a-operator' : null,
    address: i % 7 ? '203.0.113.5' : null,
    action: ['token.status_set', 'session.started', 'client.created'][i % 3],
    targetKind: ['token', 'session', 'client'][i % 3],
    targetId: `x-${i}`,
    reason: i % 3 ? '' : 'Reported lost',
    details: i % 3 ? {} : { from: 'ACTIVE', to: 'BLOCKED' },
  }));
  const find = (list, id) => {
    const found = list.find((one) => one.id === id);
    if (!found) throw deny('NOT_FOUND', 'There is no such thing.');
    return found;
  };
  const accepted = () => ({ accepted: true });
  const endSignIns = (ends) => {
    const before = signIns.length;
    signIns = signIns.filter((one) => one.current || !ends(one));
    return { ended: before - signIns.length };
  };
  const setToken = (id, status, blockedByHolder) => ({
    token: Object.assign(find(tokens, id), { status, blockedByHolder }),
  });

  return {
    signInProviders: () => [{ id: 'corp', name: 'Corp' }],
    startProviderSignIn: () => ({ url: '/sign-in/provider?code=c', flow: 'f', expiresAt: now() }),
    finishProviderSignIn: () => signedIn('operator'),
    register: accepted,
    requestEmailConfirmation: accepted,
    requestPasswordReset: accepted,
    resetPassword: accepted,
    confirmEmail: () => signedIn('driver'),
    changePassword: () => endSignIns(() => true),

    mySecurity: () => security,
    startTotp: () => ({
      secret: SECRET,
      uri: `otpauth://totp/Kilowatch:demo?secret=${SECRET}&issuer=Kilowatch`,
    }),
    confirmTotp: () => {
      Object.assign(security, { totpSince: now(), recoveryCodesLeft: 10 });
      return { recoveryCodes: codes(), signedIn: null };
    },
    disableTotp: () => {
      Object.assign(security, { totpSince: null, recoveryCodesLeft: 0 });
      return accepted();
    },
    renewRecoveryCodes: () => {
      security.recoveryCodesLeft = 10;
      return { recoveryCodes: codes() };
    },
    myPasskeys: () => passkeys,
    renamePasskey: ({ input }) => ({
      passkey: Object.assign(find(passkeys, input.passkeyId), { name: input.name }),
    }),
    removePasskey: ({ input }) => {
      passkeys.splice(passkeys.indexOf(find(passkeys, input.passkeyId)), 1);
      return accepted();
    },
    accounts: ({ search, ...paging }) =>
      page(
        people.filter(({ displayName }) => displayName.toLowerCase().includes((search ?? '').toLowerCase())),
        paging,
      ),
    setAccountActive: ({ input }) => ({
      account: Object.assign(find(people, input.accountId), { active: input.active }),
    }),
    resetSecondFactor: accepted,
    setPaymentTerms: ({ input }) => ({ terms: { kind: input.kind, updatedAt: new Date().toISOString() } }),
    signInPolicy: () => policy,
    setSignInPolicy: ({ input }) => Object.assign(policy, input),
    signInSessions: (paging) => page(signIns, paging),
    endSignInSession: ({ input }) => endSignIns(({ id }) => id === input.sessionId),
    endOtherSignInSessions: () => endSignIns(() => true),

    tokens: (paging) => page(tokens, paging),
    tokenUses: ({ tokenId, ...paging }) =>
      page(
        uses.filter((use) => !tokenId || use.tokenId === tokenId),
        paging,
      ),
    renameMyToken: ({ input }) => ({
      token: Object.assign(find(tokens, input.tokenId), { name: input.name || null }),
    }),
    blockMyToken: ({ input }) => setToken(input.tokenId, 'BLOCKED', true),
    unblockMyToken: ({ input }) => setToken(input.tokenId, 'ACTIVE', false),

    machineClients: (paging) => page(clients, paging),
    createMachineClient: ({ input }) => {
      const client = { id: randomUUID(), ...input, createdAt: now(), lastUsedAt: null };
      clients.unshift({ ...client, previousSecretUntil: null, revokedAt: null });
      return { client: clients[0], secret: randomUUID() };
    },
    rotateMachineClientSecret: ({ input }) => ({
      client: Object.assign(find(clients, input.clientId), {
        previousSecretUntil: at(Date.now() + (input.graceHours ?? 0) * HOUR),
      }),
      secret: randomUUID(),
    }),
    revokeMachineClient: ({ input }) => ({
      client: Object.assign(find(clients, input.clientId), { revokedAt: now() }),
    }),
    auditLog: ({ filter, ...paging }) => {
      const fits = ({ action, actorId, targetKind, targetId }) =>
        (!filter?.action || action === filter.action || action.split('.')[0] === filter.action) &&
        (!filter?.actorId || actorId === filter.actorId) &&
        (!filter?.targetKind || targetKind === filter.targetKind) &&
        (!filter?.targetId || targetId === filter.targetId);
      return page(audit.filter(fits), paging);
    },

    attemptRules: () => attemptRules,
    setAttemptRules: ({ input }) => {
      for (const { rule, enabled, settings } of input.rules ?? []) {
        const held = attemptRules.rules.find((one) => one.rule === rule);
        held.enabled = enabled ?? held.enabled;
        for (const { name, value } of settings ?? [])
          held.settings.find((one) => one.name === name).value = value;
      }
      attemptRules.blockClones = input.blockClones ?? attemptRules.blockClones;
      attemptRules.refusalDelayMs = input.refusalDelayMs ?? attemptRules.refusalDelayMs;
      return { attemptRules };
    },
    createAccount: ({ input }) => {
      const account = { ...input, id: randomUUID(), active: true, createdAt: now(), tenant: 'demo' };
      people.unshift(account);
      return { account };
    },

    contracts: (paging) => page(contracts, paging),
    contractRequests: ({ state, ...paging }) =>
      page(
        contractRequests.filter((one) => !state || one.state === state),
        paging,
      ),
    requestMyContract: ({ input }) => askContract('ADD', `DE-8AA-****${input.emaid.slice(-4)}`, input),
    requestContractRemoval: ({ input }) =>
      askContract('REMOVE', find(contracts, input.contractId).masked, input),
    withdrawContractRequest: ({ input }) => ({
      request: Object.assign(find(contractRequests, input.id), { state: 'WITHDRAWN' }),
    }),
    decideContractRequest: ({ input }) => ({
      request: Object.assign(find(contractRequests, input.id), {
        state: input.approve ? 'APPROVED' : 'DECLINED',
        reason: input.reason,
        decidedAt: now(),
      }),
    }),
    setContractStatus: ({ input }) => ({
      contract: Object.assign(find(contracts, input.contractId), { status: input.status }),
    }),
    unknownTokens: ({ ignored, ...paging }) =>
      page(
        unknownTokens.filter((one) => one.ignored === ignored),
        paging,
      ),
    approveUnknownToken: ({ input }) => {
      const { masked } = find(unknownTokens, input.id);
      unknownTokens.splice(
        unknownTokens.findIndex(({ id }) => id === input.id),
        1,
      );
      return { token: { id: input.id, masked } };
    },
    ignoreUnknownToken: ({ input }) => ({
      unknownToken: Object.assign(find(unknownTokens, input.id), { ignored: input.ignored }),
    }),

    incidents: ({ filter, ...paging }) => {
      const shown = [incident].filter(({ status }) => !filter?.status || status === filter.status);
      return { ...page(shown, paging), openCount: incident.status === 'OPEN' ? 1 : 0 };
    },
    incident: ({ id }) => (id === incident.id ? incident : null),
    closeIncident: ({ input }) => {
      const closed = { status: 'CLOSED', closeReason: 'PERSON', closedAt: now(), closeNote: input.reason };
      Object.assign(incident, closed);
      bus.emit('incident', incident.id);
      return { incident };
    },
    incidentChanged: () => bus.stream('incident', () => ({ incidentChanged: incident })),
  };
}
