// Generated from cards.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type { BlockMyTokenInput, RenameMyTokenInput, UnblockMyTokenInput } from './inputs.js';

export type MyTokenParts = {
  id: string;
  masked: string;
  type: string;
  status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED';
  name: string | null;
  expiresAt: string | null;
  blockedByHolder: boolean;
  openSessions: readonly { id: string }[];
};
export const MyTokenPartsFragment = gql`
  fragment MyTokenParts on Token {
    id
    masked
    type
    status
    name
    expiresAt
    blockedByHolder
    openSessions {
      id
    }
  }
`;

export type MyTokensQuery = {
  tokens: {
    totalCount: number;
    edges: readonly { node: MyTokenParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type MyTokensQueryVariables = { first: number; after?: string | null };
export const MyTokensDocument: TypedDocumentNode<MyTokensQuery, MyTokensQueryVariables> = gql`
  query MyTokens($first: Int!, $after: String) {
    tokens(first: $first, after: $after) {
      totalCount
      edges {
        node {
          ...MyTokenParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${MyTokenPartsFragment}
`;

export type TokenUseParts = {
  id: string;
  tokenId: string;
  purpose: string;
  status: string;
  stationIdentity: string | null;
  locationName: string | null;
  evseNumber: number;
  offline: boolean;
  at: string;
  runningSession: { id: string } | null;
};
export const TokenUsePartsFragment = gql`
  fragment TokenUseParts on TokenUse {
    id
    tokenId
    purpose
    status
    stationIdentity
    locationName
    evseNumber
    offline
    at
    runningSession {
      id
    }
  }
`;

export type TokenUsesQuery = {
  tokenUses: {
    edges: readonly { node: TokenUseParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type TokenUsesQueryVariables = { first: number; after?: string | null; tokenId?: string | null };
export const TokenUsesDocument: TypedDocumentNode<TokenUsesQuery, TokenUsesQueryVariables> = gql`
  query TokenUses($first: Int!, $after: String, $tokenId: ID) {
    tokenUses(first: $first, after: $after, tokenId: $tokenId) {
      edges {
        node {
          ...TokenUseParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${TokenUsePartsFragment}
`;

export type RenameMyTokenMutation = { renameMyToken: { token: MyTokenParts } };
export type RenameMyTokenMutationVariables = { input: RenameMyTokenInput };
export const RenameMyTokenDocument: TypedDocumentNode<RenameMyTokenMutation, RenameMyTokenMutationVariables> =
  gql`
    mutation RenameMyToken($input: RenameMyTokenInput!) {
      renameMyToken(input: $input) {
        token {
          ...MyTokenParts
        }
      }
    }
    ${MyTokenPartsFragment}
  `;

export type BlockMyTokenMutation = { blockMyToken: { token: MyTokenParts } };
export type BlockMyTokenMutationVariables = { input: BlockMyTokenInput };
export const BlockMyTokenDocument: TypedDocumentNode<BlockMyTokenMutation, BlockMyTokenMutationVariables> =
  gql`
    mutation BlockMyToken($input: BlockMyTokenInput!) {
      blockMyToken(input: $input) {
        token {
          ...MyTokenParts
        }
      }
    }
    ${MyTokenPartsFragment}
  `;

export type UnblockMyTokenMutation = { unblockMyToken: { token: MyTokenParts } };
export type UnblockMyTokenMutationVariables = { input: UnblockMyTokenInput };
export const UnblockMyTokenDocument: TypedDocumentNode<
  UnblockMyTokenMutation,
  UnblockMyTokenMutationVariables
> = gql`
  mutation UnblockMyToken($input: UnblockMyTokenInput!) {
    unblockMyToken(input: $input) {
      token {
        ...MyTokenParts
      }
    }
  }
  ${MyTokenPartsFragment}
`;
