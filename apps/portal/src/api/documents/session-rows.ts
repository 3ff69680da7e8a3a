// Generated from session-rows.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type MoneyParts, MoneyPartsFragment } from './cost.js';
import type { SessionFilter } from './inputs.js';

export type SessionRow = {
  id: string;
  state: 'ACTIVE' | 'ENDED';
  chargingState: 'CHARGING' | 'EV_CONNECTED' | 'SUSPENDED_EV' | 'SUSPENDED_EVSE' | 'IDLE';
  startedAt: string;
  endedAt: string | null;
  energyWh: number | null;
  livePowerW: number | null;
  socPercent: number | null;
  estimatedFullAt: string | null;
  evseNumber: number;
  station: { id: string; name: string };
  location: { id: string; name: string; city: string };
  cost: { final: boolean; totalInclVat: MoneyParts } | null;
};
export const SessionRowFragment = gql`
  fragment SessionRow on Session {
    id
    state
    chargingState
    startedAt
    endedAt
    energyWh
    livePowerW
    socPercent
    estimatedFullAt
    evseNumber
    station {
      id
      name
    }
    location {
      id
      name
      city
    }
    cost {
      final
      totalInclVat {
        ...MoneyParts
      }
    }
  }
  ${MoneyPartsFragment}
`;

export type SessionsQuery = {
  sessions: {
    totalCount: number;
    edges: readonly { node: SessionRow }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type SessionsQueryVariables = { first: number; after?: string | null; filter?: SessionFilter | null };
export const SessionsDocument: TypedDocumentNode<SessionsQuery, SessionsQueryVariables> = gql`
  query Sessions($first: Int!, $after: String, $filter: SessionFilter) {
    sessions(first: $first, after: $after, filter: $filter) {
      totalCount
      edges {
        node {
          ...SessionRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${SessionRowFragment}
`;

export type LiveSessionsQuery = {
  sessions: {
    totalCount: number;
    edges: readonly { node: SessionRow & { driver: { id: string; displayName: string } | null } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type LiveSessionsQueryVariables = { first: number; after?: string | null };
export const LiveSessionsDocument: TypedDocumentNode<LiveSessionsQuery, LiveSessionsQueryVariables> = gql`
  query LiveSessions($first: Int!, $after: String) {
    sessions(first: $first, after: $after, filter: { state: ACTIVE }) {
      totalCount
      edges {
        node {
          ...SessionRow
          driver {
            id
            displayName
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${SessionRowFragment}
`;

export type SessionRowUpdatedSubscription = { sessionUpdated: SessionRow | null };
export type SessionRowUpdatedSubscriptionVariables = { id: string };
export const SessionRowUpdatedDocument: TypedDocumentNode<
  SessionRowUpdatedSubscription,
  SessionRowUpdatedSubscriptionVariables
> = gql`
  subscription SessionRowUpdated($id: ID!) {
    sessionUpdated(id: $id) {
      ...SessionRow
    }
  }
  ${SessionRowFragment}
`;
