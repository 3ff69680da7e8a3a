// Generated from connections.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type StationHead, StationHeadFragment } from './stations.js';
import type { ConnectionAttemptFilter } from './inputs.js';

export type ConnectionAttemptParts = {
  id: string;
  at: string;
  times: number;
  identity: string;
  outcome: 'ACCEPTED' | 'REFUSED';
  reason: string | null;
  advice: string | null;
  httpStatus: number;
  url: string;
  subprotocols: string;
  protocol: string | null;
  securityProfile: number | null;
  tls: string | null;
  remoteIp: string;
  userAgent: string;
  station: { id: string; name: string } | null;
};
export const ConnectionAttemptPartsFragment = gql`
  fragment ConnectionAttemptParts on ConnectionAttempt {
    id
    at
    times
    identity
    outcome
    reason
    advice
    httpStatus
    url
    subprotocols
    protocol
    securityProfile
    tls
    remoteIp
    userAgent
    station {
      id
      name
    }
  }
`;

export type ConnectionAttemptsQuery = {
  connectionAttempts: {
    edges: readonly { node: ConnectionAttemptParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type ConnectionAttemptsQueryVariables = {
  first: number;
  after?: string | null;
  filter?: ConnectionAttemptFilter | null;
};
export const ConnectionAttemptsDocument: TypedDocumentNode<
  ConnectionAttemptsQuery,
  ConnectionAttemptsQueryVariables
> = gql`
  query ConnectionAttempts($first: Int!, $after: String, $filter: ConnectionAttemptFilter) {
    connectionAttempts(first: $first, after: $after, filter: $filter) {
      edges {
        node {
          ...ConnectionAttemptParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${ConnectionAttemptPartsFragment}
`;

export type StationConnectionQuery = {
  station:
    | (StationHead & {
        connection: {
          online: boolean;
          protocol: string;
          remoteIp: string;
          since: string;
          lastSeenAt: string;
          disconnectedAt: string | null;
          generation: number;
          pod: string;
        } | null;
        deviations: readonly { kind: string; messages: number; lastAt: string }[] | null;
        setupFields: readonly { field: string; value: string }[] | null;
        connectionAttempts: {
          edges: readonly { node: ConnectionAttemptParts }[];
          pageInfo: { hasNextPage: boolean; endCursor: string | null };
        } | null;
      })
    | null;
};
export type StationConnectionQueryVariables = { id: string; first: number; after?: string | null };
export const StationConnectionDocument: TypedDocumentNode<
  StationConnectionQuery,
  StationConnectionQueryVariables
> = gql`
  query StationConnection($id: ID!, $first: Int!, $after: String) {
    station(id: $id) {
      ...StationHead
      connection {
        online
        protocol
        remoteIp
        since
        lastSeenAt
        disconnectedAt
        generation
        pod
      }
      deviations {
        kind
        messages
        lastAt
      }
      setupFields {
        field
        value
      }
      connectionAttempts(first: $first, after: $after) {
        edges {
          node {
            ...ConnectionAttemptParts
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
  ${ConnectionAttemptPartsFragment}
  ${StationHeadFragment}
`;
