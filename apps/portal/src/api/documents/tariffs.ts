// Generated from tariffs.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type { WithdrawTariffVersionInput } from './inputs.js';

export type TariffsQuery = {
  tariffs: {
    totalCount: number;
    edges: readonly {
      node: {
        id: string;
        name: string;
        version: number;
        isDefault: boolean;
        summary: readonly string[];
        validFrom: string;
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type TariffsQueryVariables = { first: number; after?: string | null };
export const TariffsDocument: TypedDocumentNode<TariffsQuery, TariffsQueryVariables> = gql`
  query Tariffs($first: Int!, $after: String) {
    tariffs(first: $first, after: $after) {
      totalCount
      edges {
        node {
          id
          name
          version
          isDefault
          summary
          validFrom
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export type TariffHistoryQuery = {
  tariffFindings: readonly {
    rule: 'AFIR_50_KW' | 'PANGV_KWH' | 'NEVI_KWH' | 'NEVI_FIXED' | 'MESSEG_TIME' | 'MESSEG_STEP';
    severity: 'VIOLATION' | 'WARNING';
    country: string;
    reason: string;
  }[];
  tariffVersions: {
    edges: readonly {
      node: {
        version: number;
        name: string;
        state: 'PLANNED' | 'VALID' | 'PAST' | 'WITHDRAWN';
        validFrom: string;
        validUntil: string | null;
        publishedAt: string;
        changes: readonly string[];
        note: string;
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type TariffHistoryQueryVariables = { id: string; first: number; after?: string | null };
export const TariffHistoryDocument: TypedDocumentNode<TariffHistoryQuery, TariffHistoryQueryVariables> = gql`
  query TariffHistory($id: ID!, $first: Int!, $after: String) {
    tariffFindings(tariffId: $id) {
      rule
      severity
      country
      reason
    }
    tariffVersions(tariffId: $id, first: $first, after: $after) {
      edges {
        node {
          version
          name
          state
          validFrom
          validUntil
          publishedAt
          changes
          note
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export type WithdrawTariffVersionMutation = {
  withdrawTariffVersion: { version: { version: number; state: 'PLANNED' | 'VALID' | 'PAST' | 'WITHDRAWN' } };
};
export type WithdrawTariffVersionMutationVariables = { input: WithdrawTariffVersionInput };
export const WithdrawTariffVersionDocument: TypedDocumentNode<
  WithdrawTariffVersionMutation,
  WithdrawTariffVersionMutationVariables
> = gql`
  mutation WithdrawTariffVersion($input: WithdrawTariffVersionInput!) {
    withdrawTariffVersion(input: $input) {
      version {
        version
        state
      }
    }
  }
`;
