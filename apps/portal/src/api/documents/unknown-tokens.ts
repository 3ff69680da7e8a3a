// Generated from unknown-tokens.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type { ApproveUnknownTokenInput, IgnoreUnknownTokenInput } from './inputs.js';

export type UnknownTokenParts = {
  id: string;
  masked: string;
  type: string;
  firstSeen: string;
  lastSeen: string;
  times: number;
  ignored: boolean;
  stations: readonly ({ id: string; name: string } | null)[];
};
export const UnknownTokenPartsFragment = gql`
  fragment UnknownTokenParts on UnknownToken {
    id
    masked
    type
    firstSeen
    lastSeen
    times
    ignored
    stations {
      id
      name
    }
  }
`;

export type UnknownTokensQuery = {
  unknownTokens: {
    edges: readonly { node: UnknownTokenParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type UnknownTokensQueryVariables = { first: number; after?: string | null; ignored: boolean };
export const UnknownTokensDocument: TypedDocumentNode<UnknownTokensQuery, UnknownTokensQueryVariables> = gql`
  query UnknownTokens($first: Int!, $after: String, $ignored: Boolean!) {
    unknownTokens(first: $first, after: $after, ignored: $ignored) {
      edges {
        node {
          ...UnknownTokenParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${UnknownTokenPartsFragment}
`;

export type ApproveUnknownTokenMutation = { approveUnknownToken: { token: { id: string; masked: string } } };
export type ApproveUnknownTokenMutationVariables = { input: ApproveUnknownTokenInput };
export const ApproveUnknownTokenDocument: TypedDocumentNode<
  ApproveUnknownTokenMutation,
  ApproveUnknownTokenMutationVariables
> = gql`
  mutation ApproveUnknownToken($input: ApproveUnknownTokenInput!) {
    approveUnknownToken(input: $input) {
      token {
        id
        masked
      }
    }
  }
`;

export type IgnoreUnknownTokenMutation = { ignoreUnknownToken: { unknownToken: UnknownTokenParts } };
export type IgnoreUnknownTokenMutationVariables = { input: IgnoreUnknownTokenInput };
export const IgnoreUnknownTokenDocument: TypedDocumentNode<
  IgnoreUnknownTokenMutation,
  IgnoreUnknownTokenMutationVariables
> = gql`
  mutation IgnoreUnknownToken($input: IgnoreUnknownTokenInput!) {
    ignoreUnknownToken(input: $input) {
      unknownToken {
        ...UnknownTokenParts
      }
    }
  }
  ${UnknownTokenPartsFragment}
`;
