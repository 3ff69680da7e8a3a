// Generated from session.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type CostLineParts, CostLinePartsFragment, type MoneyParts, MoneyPartsFragment } from './cost.js';
import type { RateSessionInput, StopSessionInput } from './inputs.js';

export type SessionFigures = {
  id: string;
  state: 'ACTIVE' | 'ENDED';
  chargingState: 'CHARGING' | 'EV_CONNECTED' | 'SUSPENDED_EV' | 'SUSPENDED_EVSE' | 'IDLE';
  startedAt: string;
  endedAt: string | null;
  stopReason: string | null;
  energyWh: number | null;
  energyStatus: 'RUNNING' | 'MEASURED' | 'ESTIMATED' | 'DISPUTED' | null;
  livePowerW: number | null;
  socPercent: number | null;
  lastReadingAt: string | null;
  estimatedFullAt: string | null;
  currentLimitA: number | null;
  billingHold: string | null;
  collectiveMonth: string | null;
  collectiveInvoiceAt: string | null;
  fund: {
    kind: 'PREPAID' | 'ACCOUNT' | 'CARD';
    state: 'OPEN' | 'USED_UP' | 'STOPPING' | 'CLOSED';
    limit: MoneyParts | null;
    available: MoneyParts | null;
    usedUp: boolean;
    usedUpAt: string | null;
  } | null;
  canRate: boolean | null;
  cost: {
    final: boolean;
    totalExclVat: MoneyParts;
    totalVat: MoneyParts;
    totalInclVat: MoneyParts;
    lines: readonly CostLineParts[];
  } | null;
  invoice: {
    id: string;
    number: string;
    kind: 'INVOICE' | 'CREDIT_NOTE';
    status: 'OPEN' | 'PAID' | 'CREDITED' | 'WRITTEN_OFF';
  } | null;
};
export const SessionFiguresFragment = gql`
  fragment SessionFigures on Session {
    id
    state
    chargingState
    startedAt
    endedAt
    stopReason
    energyWh
    energyStatus
    livePowerW
    socPercent
    lastReadingAt
    estimatedFullAt
    currentLimitA
    billingHold
    collectiveMonth
    collectiveInvoiceAt
    fund {
      kind
      state
      limit {
        ...MoneyParts
      }
      available {
        ...MoneyParts
      }
      usedUp
      usedUpAt
    }
    canRate
    cost {
      final
      totalExclVat {
        ...MoneyParts
      }
      totalVat {
        ...MoneyParts
      }
      totalInclVat {
        ...MoneyParts
      }
      lines {
        ...CostLineParts
      }
    }
    invoice {
      id
      number
      kind
      status
    }
  }
  ${CostLinePartsFragment}
  ${MoneyPartsFragment}
`;

export type RatingParts = {
  id: string;
  score: number;
  reasons: readonly (
    | 'DID_NOT_START'
    | 'SLOW'
    | 'FAULTY_CONNECTOR'
    | 'BLOCKED_BAY'
    | 'PAYMENT'
    | 'SIGNAGE'
    | 'HARD_TO_FIND'
    | 'PRICE'
    | 'SAFETY'
    | 'APP'
  )[];
  text: string | null;
  updatedAt: string;
};
export const RatingPartsFragment = gql`
  fragment RatingParts on Rating {
    id
    score
    reasons
    text
    updatedAt
  }
`;

export type SessionPageQuery = {
  session:
    | (SessionFigures & {
        evseNumber: number;
        startMethod: string;
        station: { id: string; identity: string; name: string; online: boolean };
        location: { id: string; name: string; address: string; city: string };
        connector: {
          id: string;
          number: number;
          standard: string;
          powerType: string;
          maxCurrentA: number;
        } | null;
        token: { id: string; masked: string; type: string } | null;
        quote: { id: string; tariffName: string; summary: readonly string[] } | null;
        rating: RatingParts | null;
        alerts:
          | readonly {
              id: string;
              severity: 'INFO' | 'WARNING' | 'CRITICAL';
              title: string;
              body: string;
              raisedAt: string;
            }[]
          | null;
        driver?: { id: string; displayName: string; email: string } | null;
        anomalies?:
          | readonly {
              id: string;
              kind: 'ZERO_ENERGY' | 'POWER_DROP' | 'INTERRUPTION' | 'NO_READINGS';
              onset: string;
              resolvedAt: string | null;
              explanation: string;
            }[]
          | null;
        transactionId?: string;
        protocol?: string;
        meterDeviations?: readonly string[] | null;
      })
    | null;
};
export type SessionPageQueryVariables = { id: string; operator: boolean };
export const SessionPageDocument: TypedDocumentNode<SessionPageQuery, SessionPageQueryVariables> = gql`
  query SessionPage($id: ID!, $operator: Boolean!) {
    session(id: $id) {
      ...SessionFigures
      evseNumber
      startMethod
      station {
        id
        identity
        name
        online
      }
      location {
        id
        name
        address
        city
      }
      connector {
        id
        number
        standard
        powerType
        maxCurrentA
      }
      token {
        id
        masked
        type
      }
      quote {
        id
        tariffName
        summary
      }
      rating {
        ...RatingParts
      }
      alerts {
        id
        severity
        title
        body
        raisedAt
      }
      driver @include(if: $operator) {
        id
        displayName
        email
      }
      anomalies @include(if: $operator) {
        id
        kind
        onset
        resolvedAt
        explanation
      }
      transactionId @include(if: $operator)
      protocol @include(if: $operator)
      meterDeviations @include(if: $operator)
    }
  }
  ${RatingPartsFragment}
  ${SessionFiguresFragment}
`;

export type SessionCurveQuery = {
  session: {
    id: string;
    powerCurve: readonly { at: string; powerW: number; energyWh: number | null }[] | null;
  } | null;
};
export type SessionCurveQueryVariables = { id: string; resolutionSeconds: number };
export const SessionCurveDocument: TypedDocumentNode<SessionCurveQuery, SessionCurveQueryVariables> = gql`
  query SessionCurve($id: ID!, $resolutionSeconds: Int!) {
    session(id: $id) {
      id
      powerCurve(resolutionSeconds: $resolutionSeconds) {
        at
        powerW
        energyWh
      }
    }
  }
`;

export type SessionUpdatedSubscription = { sessionUpdated: SessionFigures | null };
export type SessionUpdatedSubscriptionVariables = { id: string };
export const SessionUpdatedDocument: TypedDocumentNode<
  SessionUpdatedSubscription,
  SessionUpdatedSubscriptionVariables
> = gql`
  subscription SessionUpdated($id: ID!) {
    sessionUpdated(id: $id) {
      ...SessionFigures
    }
  }
  ${SessionFiguresFragment}
`;

export type StopSessionMutation = {
  stopSession:
    | { __typename: 'StopRequested'; session: { id: string; state: 'ACTIVE' | 'ENDED' } }
    | { __typename: 'StopRefused'; reason: string; message: string };
};
export type StopSessionMutationVariables = { input: StopSessionInput };
export const StopSessionDocument: TypedDocumentNode<StopSessionMutation, StopSessionMutationVariables> = gql`
  mutation StopSession($input: StopSessionInput!) {
    stopSession(input: $input) {
      __typename
      ... on StopRequested {
        session {
          id
          state
        }
      }
      ... on StopRefused {
        reason
        message
      }
    }
  }
`;

export type RateSessionMutation = { rateSession: { rating: RatingParts & { session: { id: string } } } };
export type RateSessionMutationVariables = { input: RateSessionInput };
export const RateSessionDocument: TypedDocumentNode<RateSessionMutation, RateSessionMutationVariables> = gql`
  mutation RateSession($input: RateSessionInput!) {
    rateSession(input: $input) {
      rating {
        ...RatingParts
        session {
          id
        }
      }
    }
  }
  ${RatingPartsFragment}
`;
