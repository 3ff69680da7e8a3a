/** The GraphQL operations the demo is made of; an app would use the same. */
export const CONNECTORS = `query { stations(first: 100) { edges { node { id identity online evses { connectors { id status } } } } } }`;
export const QUOTE = `mutation Quote($input: CreateQuoteInput!) {
  createQuote(input: $input) { quote { id tariffName tariffVersion summary validUntil } } }`;
export const START = `mutation Start($input: StartSessionInput!) {
  startSession(input: $input) { __typename ... on SessionRequested { requestId } ... on StartRefused { reason message } } }`;
export const SESSIONS = `query Sessions { sessions(first: 20) { edges { node { id state startedAt station { identity } } } } }`;
export const LIVE = `subscription Live($id: ID!) {
  sessionUpdated(id: $id) { id state chargingState energyWh livePowerW socPercent estimatedFullAt lastReadingAt
    cost { totalInclVat { amount currency } } } }`;
export const ALERTS = `subscription { alertRaised { id kind title session { id } } }`;
export const RECEIPT = `query Receipt($id: ID!) {
  session(id: $id) {
    id state stopReason startMethod statePeriods { state from to }
    station { identity name location { name } }
    token { masked } driver { displayName }
    energyWh energyStatus powerCurve(resolutionSeconds: 60) { at powerW }
    quote { tariffName tariffVersion hash }
    cost { final totalInclVat { amount currency } lines { dimension quantity unit unitPrice inclVat { amount } } }
    invoice { number status paymentMethod totalExclVat { amount } totalVat { amount } totalInclVat { amount currency } }
    alerts { kind title } anomalies { kind }
  } }`;
export const RATE = `mutation Rate($input: RateSessionInput!) { rateSession(input: $input) { rating { score } } }`;

export interface LiveSession {
  readonly id: string;
  readonly state: string;
  readonly chargingState: string;
  readonly energyWh: number | null;
  readonly livePowerW: number | null;
  readonly socPercent: number | null;
  readonly estimatedFullAt: string | null;
  readonly lastReadingAt: string | null;
  readonly cost: { readonly totalInclVat: Money } | null;
}

export interface Money {
  readonly amount: string;
  readonly currency: string;
}

export interface Receipt {
  readonly id: string;
  readonly state: string;
  readonly stopReason: string | null;
  readonly startMethod: string;
  readonly statePeriods: { state: string; from: string; to: string | null }[];
  readonly station: { identity: string; name: string; location: { name: string } };
  readonly token: { masked: string } | null;
  readonly driver: { displayName: string } | null;
  readonly energyWh: number | null;
  readonly energyStatus: string | null;
  readonly powerCurve: { at: string; powerW: number }[] | null;
  readonly quote: { tariffName: string; tariffVersion: number; hash: string } | null;
  readonly cost: {
    final: boolean;
    totalInclVat: Money;
    lines: {
      dimension: string;
      quantity: string;
      unit: string;
      unitPrice: string;
      inclVat: { amount: string };
    }[];
  } | null;
  readonly invoice: {
    number: string;
    status: string;
    paymentMethod: string | null;
    totalExclVat: { amount: string };
    totalVat: { amount: string };
    totalInclVat: Money;
  } | null;
  readonly alerts: { kind: string; title: string }[] | null;
  readonly anomalies: { kind: string }[] | null;
}
