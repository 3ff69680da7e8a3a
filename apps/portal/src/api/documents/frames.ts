// Generated from frames.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type StationHead, StationHeadFragment } from './stations.js';
import type {
  DismissQuarantinedFrameInput,
  QuarantinedFrameFilter,
  ReplayQuarantinedFrameInput,
  WireFrameFilter,
} from './inputs.js';

export type StationFramesQuery = {
  station:
    | (StationHead & {
        frames: {
          edges: readonly {
            node: {
              id: string;
              at: string;
              direction: 'RECEIVED' | 'SENT';
              action: string | null;
              messageId: string | null;
              text: string;
              truncated: boolean;
              length: number;
            };
          }[];
          pageInfo: { hasNextPage: boolean; endCursor: string | null };
        } | null;
      })
    | null;
};
export type StationFramesQueryVariables = {
  id: string;
  first: number;
  after?: string | null;
  filter?: WireFrameFilter | null;
};
export const StationFramesDocument: TypedDocumentNode<StationFramesQuery, StationFramesQueryVariables> = gql`
  query StationFrames($id: ID!, $first: Int!, $after: String, $filter: WireFrameFilter) {
    station(id: $id) {
      ...StationHead
      frames(first: $first, after: $after, filter: $filter) {
        edges {
          node {
            id
            at
            direction
            action
            messageId
            text
            truncated
            length
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
  ${StationHeadFragment}
`;

export type StationCommandLogQuery = {
  station:
    | (StationHead & {
        commands: {
          edges: readonly {
            node: {
              id: string;
              action: string;
              payload: unknown;
              requestedAt: string;
              requestedBy: string;
              finishedAt: string | null;
              outcome: 'ACCEPTED' | 'REJECTED' | 'CHARGER_ERROR' | 'OFFLINE' | 'UNKNOWN' | null;
              status: string | null;
              errorCode: string | null;
              errorDescription: string | null;
            };
          }[];
          pageInfo: { hasNextPage: boolean; endCursor: string | null };
        } | null;
      })
    | null;
};
export type StationCommandLogQueryVariables = { id: string; first: number; after?: string | null };
export const StationCommandLogDocument: TypedDocumentNode<
  StationCommandLogQuery,
  StationCommandLogQueryVariables
> = gql`
  query StationCommandLog($id: ID!, $first: Int!, $after: String) {
    station(id: $id) {
      ...StationHead
      commands(first: $first, after: $after) {
        edges {
          node {
            id
            action
            payload
            requestedAt
            requestedBy
            finishedAt
            outcome
            status
            errorCode
            errorDescription
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
  ${StationHeadFragment}
`;

export type QuarantinedFrameParts = {
  id: string;
  station: { id: string; name: string };
  action: string;
  errorCode: string;
  protocol: string;
  receivedAt: string;
  repeats: number;
  transactionId: string | null;
  text: string;
  resolution: string | null;
  resolutionNote: string | null;
  resolvedAt: string | null;
};
export const QuarantinedFramePartsFragment = gql`
  fragment QuarantinedFrameParts on QuarantinedFrame {
    id
    station {
      id
      name
    }
    action
    errorCode
    protocol
    receivedAt
    repeats
    transactionId
    text
    resolution
    resolutionNote
    resolvedAt
  }
`;

export type QuarantinedFramesQuery = {
  quarantinedFrames: {
    edges: readonly { node: QuarantinedFrameParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type QuarantinedFramesQueryVariables = {
  first: number;
  after?: string | null;
  filter?: QuarantinedFrameFilter | null;
};
export const QuarantinedFramesDocument: TypedDocumentNode<
  QuarantinedFramesQuery,
  QuarantinedFramesQueryVariables
> = gql`
  query QuarantinedFrames($first: Int!, $after: String, $filter: QuarantinedFrameFilter) {
    quarantinedFrames(first: $first, after: $after, filter: $filter) {
      edges {
        node {
          ...QuarantinedFrameParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${QuarantinedFramePartsFragment}
`;

export type QuarantineWaitsQuery = { quarantinedFrames: { edges: readonly { cursor: string }[] } };
export type QuarantineWaitsQueryVariables = Record<string, never>;
export const QuarantineWaitsDocument: TypedDocumentNode<QuarantineWaitsQuery, QuarantineWaitsQueryVariables> =
  gql`
    query QuarantineWaits {
      quarantinedFrames(first: 1, filter: { open: true }) {
        edges {
          cursor
        }
      }
    }
  `;

export type ReplayQuarantinedFrameMutation = { replayQuarantinedFrame: { frame: QuarantinedFrameParts } };
export type ReplayQuarantinedFrameMutationVariables = { input: ReplayQuarantinedFrameInput };
export const ReplayQuarantinedFrameDocument: TypedDocumentNode<
  ReplayQuarantinedFrameMutation,
  ReplayQuarantinedFrameMutationVariables
> = gql`
  mutation ReplayQuarantinedFrame($input: ReplayQuarantinedFrameInput!) {
    replayQuarantinedFrame(input: $input) {
      frame {
        ...QuarantinedFrameParts
      }
    }
  }
  ${QuarantinedFramePartsFragment}
`;

export type DismissQuarantinedFrameMutation = { dismissQuarantinedFrame: { frame: QuarantinedFrameParts } };
export type DismissQuarantinedFrameMutationVariables = { input: DismissQuarantinedFrameInput };
export const DismissQuarantinedFrameDocument: TypedDocumentNode<
  DismissQuarantinedFrameMutation,
  DismissQuarantinedFrameMutationVariables
> = gql`
  mutation DismissQuarantinedFrame($input: DismissQuarantinedFrameInput!) {
    dismissQuarantinedFrame(input: $input) {
      frame {
        ...QuarantinedFrameParts
      }
    }
  }
  ${QuarantinedFramePartsFragment}
`;
