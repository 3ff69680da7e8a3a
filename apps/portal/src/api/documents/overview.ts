// Generated from overview.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type AlertParts, AlertPartsFragment } from './alerts.js';
import { type StationRow, StationRowFragment } from './stations.js';

export type OverviewCountsQuery = {
  online: { totalCount: number };
  offline: { totalCount: number };
  faulted: { totalCount: number; edges: readonly { node: StationRow }[] };
  livePower: { powerW: number; activeSessions: number; asOf: string };
};
export type OverviewCountsQueryVariables = Record<string, never>;
export const OverviewCountsDocument: TypedDocumentNode<OverviewCountsQuery, OverviewCountsQueryVariables> =
  gql`
    query OverviewCounts {
      online: stations(first: 1, filter: { online: true }) {
        totalCount
      }
      offline: stations(first: 1, filter: { online: false }) {
        totalCount
      }
      faulted: stations(first: 5, filter: { status: FAULTED }) {
        totalCount
        edges {
          node {
            ...StationRow
          }
        }
      }
      livePower {
        powerW
        activeSessions
        asOf
      }
    }
    ${StationRowFragment}
  `;

export type OverviewAlertsQuery = { alerts: { unreadCount: number; edges: readonly { node: AlertParts }[] } };
export type OverviewAlertsQueryVariables = Record<string, never>;
export const OverviewAlertsDocument: TypedDocumentNode<OverviewAlertsQuery, OverviewAlertsQueryVariables> =
  gql`
    query OverviewAlerts {
      alerts(first: 6) {
        unreadCount
        edges {
          node {
            ...AlertParts
          }
        }
      }
    }
    ${AlertPartsFragment}
  `;

export type AnomaliesQuery = {
  anomalies: {
    edges: readonly {
      node: {
        id: string;
        kind: 'ZERO_ENERGY' | 'POWER_DROP' | 'INTERRUPTION' | 'NO_READINGS';
        onset: string;
        detectedAt: string;
        resolvedAt: string | null;
        confidence: number;
        explanation: string;
        station: { id: string; name: string; identity: string };
        session: { id: string } | null;
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type AnomaliesQueryVariables = { first: number; after?: string | null; open?: boolean | null };
export const AnomaliesDocument: TypedDocumentNode<AnomaliesQuery, AnomaliesQueryVariables> = gql`
  query Anomalies($first: Int!, $after: String, $open: Boolean) {
    anomalies(first: $first, after: $after, open: $open) {
      edges {
        node {
          id
          kind
          onset
          detectedAt
          resolvedAt
          confidence
          explanation
          station {
            id
            name
            identity
          }
          session {
            id
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
