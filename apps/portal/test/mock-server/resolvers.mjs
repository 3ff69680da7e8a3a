// Root fields of the mock: graphql-js calls the functions of the root value with (arguments, context).
import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { peopleFields } from './people.mjs';
import { wireFields } from './wire.mjs';
import { ACCOUNTS, advance, alert, curve, end, newSession, quote } from './world.mjs';

const ACCESS_SECONDS = 300;

export function rootValue(world, bus) {
  let invoiceNumber = 200;
  let failures = 0;
  const now = () => Date.now();
  const deny = (code, message) => new GraphQLError(message, { extensions: { code } });
  const who = ({ role }) => {
    if (!role) throw deny('UNAUTHENTICATED', 'Sign in first');
    return role;
  };
  const shown = (one) => {
    advance(one, now());
    return { ...one, powerCurve: ({ resolutionSeconds }) => curve(one, now(), resolutionSeconds) };
  };
  const page = (list, { first, after }) => {
    const from = after ? Number(after) : 0;
    const nodes = list.slice(from, from + first);
    return {
      totalCount: list.length,
      edges: nodes.map((node, i) => ({ cursor: String(from + i + 1), node })),
      pageInfo: { hasNextPage: from + first < list.length, endCursor: String(from + nodes.length) },
    };
  };
  const signedIn = (role) => ({
    __typename: 'SignedIn',
    accessToken: `${role}.${randomUUID()}`,
    accessTokenExpiresAt: new Date(now() + ACCESS_SECONDS * 1000).toISOString(),
    refreshToken: `${role}.${randomUUID()}`,
    account: { ...ACCOUNTS[role], locale: 'en', tenant: 'demo', active: true },
  });
  const refused = (reason, retryAfterSeconds = null) => ({
    __typename: 'SignInRefused',
    reason,
    message: reason,
    retryAfterSeconds,
  });
  const sessionsOf = (context) =>
    world.sessions.filter(({ isOthers }) => who(context) !== 'driver' || !isOthers);
  const findSession = (id, context) => {
    const found = sessionsOf(context).find((one) => one.id === id);
    if (!found) throw deny('NOT_FOUND', 'No such session');
    return found;
  };
  const inbox = (context) => (who(context) !== 'driver' ? world.operatorAlerts : world.alerts);
  const stationNow = (one) => ({ ...one, activeSessions: one.activeSessions.map(shown) });
  const raise = (list, one) => {
    list.unshift(one);
    bus.emit('alert', one);
  };

  return {
    signIn: ({ input }) => {
      if (failures >= 5) return refused('RATE_LIMITED', 45);
      const role = Object.keys(ACCOUNTS).find((one) => ACCOUNTS[one].email === input.email);
      if (role && input.password === 'demo-password') return signedIn(role);
      failures += 1;
      return refused('WRONG_CREDENTIALS');
    },
    refreshSession: ({ input }) => {
      const role = input.refreshToken.split('.')[0];
      return role in ACCOUNTS ? signedIn(role) : refused('REFRESH_TOKEN_INVALID');
    },
    signOut: () => ({ signedOut: true }),
    ...peopleFields(now(), { bus, page, signedIn, deny, station: world.stations[0] }),
    ...wireFields(now(), { page, deny, stations: world.stations }),

    session: ({ id }, context) => shown(findSession(id, context)),
    sessions: ({ filter, ...paging }, context) =>
      page(
        sessionsOf(context)
          .filter((one) => !filter?.state || one.state === filter.state)
          .map(shown),
        paging,
      ),
    stopSession: ({ input }, context) => {
      const one = findSession(input.sessionId, context);
      if (one.state === 'ENDED')
        return { __typename: 'StopRefused', reason: 'ALREADY_ENDED', message: 'Ended' };
      if (one.isOthers) return { __typename: 'StopRefused', reason: 'STATION_SILENT', message: 'Silent' };
      setTimeout(() => {
        end(one, now(), (invoiceNumber += 1));
        one.alerts.push(
          alert(
            randomUUID(),
            'INVOICE_READY',
            'INFO',
            'Invoice ready',
            'The price of your session is final.',
            now(),
          ),
        );
        bus.emit('session', one.id);
        raise(
          world.alerts,
          alert(
            randomUUID(),
            'INVOICE_READY',
            'INFO',
            `Invoice ${one.invoice.number} is ready`,
            'It was paid from your wallet.',
            now(),
            { session: one },
          ),
        );
      }, 1_500);
      return { __typename: 'StopRequested', session: shown(one) };
    },
    startSession: ({ input }) => {
      const station = world.stations.find(({ evses }) =>
        evses.some(({ connectors }) => connectors[0].id === input.connectorId),
      );
      const index = station.evses.findIndex(({ connectors }) => connectors[0].id === input.connectorId);
      if (index === 1 && station.id === 'st1')
        return { __typename: 'StartRefused', reason: 'STATION_REFUSED', message: 'Refused' };
      setTimeout(() => {
        const one = newSession(station, {
          id: `s-${randomUUID()}`,
          startedMs: now(),
          powerW: 10_400,
          soc: 31,
        });
        one.connector = station.evses[index].connectors[0];
        one.evseNumber = index + 1;
        one.startMethod = 'COMMAND';
        one.connector.status = 'CHARGING';
        station.activeSessions.push(one);
        world.sessions.unshift(one);
      }, 4_000);
      return {
        __typename: 'SessionRequested',
        requestId: randomUUID(),
        station,
        connector: station.evses[index].connectors[0],
      };
    },
    createQuote: () => ({ quote: quote(randomUUID(), now()) }),
    rateSession: ({ input }, context) => {
      const one = findSession(input.sessionId, context);
      const at = new Date(now()).toISOString();
      one.rating = {
        id: `r-${one.id}`,
        score: input.score,
        reasons: input.reasons ?? [],
        text: input.text ?? null,
        session: one,
        createdAt: at,
        updatedAt: at,
      };
      return { rating: one.rating };
    },

    location: ({ id }) => world.locations.find((one) => one.id === id) ?? null,
    locations: (paging) => page(world.locations, paging),
    station: ({ id }) => {
      const found = world.stations.find((one) => one.id === id);
      return found ? stationNow(found) : null;
    },
    stations: ({ filter, ...paging }) => {
      const wanted = (filter?.search ?? '').toLowerCase();
      const fits = (one) =>
        (filter?.online == null || one.online === filter.online) &&
        (filter?.status == null || one.evses.some(({ status }) => status === filter.status)) &&
        `${one.name} ${one.identity}`.toLowerCase().includes(wanted);
      return page(world.stations.filter(fits).map(stationNow), paging);
    },
    resetStation: ({ input }) => command(world, input, 'Accepted'),
    unlockConnector: ({ input }) => command(world, input, 'Unlocked'),
    changeAvailability: ({ input }) => {
      const found = world.stations.find(({ id }) => id === input.stationId);
      for (const { number, connectors } of found.evses)
        if (input.evseNumber == null || input.evseNumber === number)
          connectors[0].status = input.operative ? 'AVAILABLE' : 'UNAVAILABLE';
      bus.emit('station', found.id);
      return command(world, input, 'Accepted');
    },
    livePower: () => {
      const running = world.sessions.filter(({ state }) => state === 'ACTIVE').map(shown);
      return {
        powerW: running.reduce((sum, { livePowerW }) => sum + livePowerW, 0),
        activeSessions: running.length,
        asOf: new Date(now()).toISOString(),
      };
    },
    anomalies: ({ open, ...paging }) =>
      page(
        world.anomalies.filter(({ resolvedAt }) => !open || resolvedAt === null),
        paging,
      ),

    alerts: ({ unreadOnly, ...paging }, context) => {
      const list = inbox(context);
      const unread = list.filter(({ readAt }) => readAt === null);
      return { ...page(unreadOnly ? unread : list, paging), unreadCount: unread.length };
    },
    alert: ({ id }, context) => inbox(context).find((one) => one.id === id) ?? null,
    markAlertRead: ({ input }, context) => {
      const found = inbox(context).find(({ id }) => id === input.alertId);
      found.readAt = new Date(now()).toISOString();
      return { alert: found };
    },
    alertPreferences: () => world.preferences,
    setAlertPreference: ({ input }) => {
      const found = world.preferences.find(
        ({ kind, channel }) => kind === input.kind && channel === input.channel,
      );
      found.enabled = input.enabled;
      return { preferences: world.preferences };
    },

    invoices: (paging, context) =>
      page(
        sessionsOf(context)
          .map(({ invoice }) => invoice)
          .filter(Boolean),
        paging,
      ),
    invoice: ({ id }, context) =>
      sessionsOf(context)
        .map(({ invoice }) => invoice)
        .find((one) => one?.id === id) ?? null,
    accountDebt: (_, { accountId }) => ({
      accountId: accountId ?? 'me',
      open: { amount: '12.10', currency: 'EUR' },
      overdue: { amount: '6.05', currency: 'EUR' },
      charges: { amount: '5.00', currency: 'EUR' },
      total: { amount: '17.10', currency: 'EUR' },
      blocked: false,
      instructions: 'NL00 BANK 0123 4567 89, with the number of the invoice',
    }),
    chargebacks: (paging) => page([], paging),
    chargeback: () => null,
    dunningCases: (paging) => page([], paging),
    dunningCase: () => null,
    paymentTerms: (_, { accountId }) => ({
      accountId: accountId ?? null,
      kind: 'PREPAID',
      currency: 'EUR',
      floor: { amount: '0.00', currency: 'EUR' },
      minimumToStart: { amount: '5.00', currency: 'EUR' },
      creditLimit: null,
      daysToPay: 14,
      blocked: false,
      own: false,
      updatedAt: null,
      changes: [],
    }),
    wallet: () => ({ accountId: 'a-driver', balance: { amount: '37.20', currency: 'EUR' } }),

    sessionUpdated: ({ id }, context) =>
      bus.stream(
        'session',
        (changed) => changed === id && { sessionUpdated: shown(findSession(id, context)) },
      ),
    stationUpdated: ({ id }) =>
      bus.stream(
        'station',
        (changed) =>
          changed === id && { stationUpdated: stationNow(world.stations.find((one) => one.id === id)) },
      ),
    alertRaised: (_, context) =>
      bus.stream('alert', (raised) => inbox(context).includes(raised) && { alertRaised: raised }),
  };
}

function command(world, { stationId }, status) {
  const { online } = world.stations.find(({ id }) => id === stationId);
  return {
    commandId: randomUUID(),
    outcome: online ? 'ACCEPTED' : 'OFFLINE',
    status: online ? status : null,
    errorCode: null,
    errorDescription: null,
    payload: null,
  };
}
