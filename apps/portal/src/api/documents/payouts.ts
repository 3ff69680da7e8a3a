// Generated from payouts.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type MoneyParts, MoneyPartsFragment } from './cost.js';

export type PayoutParts = {
  id: string;
  reference: string;
  state: 'PAID' | 'FAILED';
  toldAt: string;
  amount: MoneyParts;
  payoutAmount: MoneyParts;
  payments: MoneyParts;
  refunds: MoneyParts;
  chargebacks: MoneyParts;
  other: MoneyParts;
  fees: MoneyParts;
  transactions: number;
};
export const PayoutPartsFragment = gql`
  fragment PayoutParts on ProviderPayout {
    id
    reference
    state
    toldAt
    amount {
      ...MoneyParts
    }
    payoutAmount {
      ...MoneyParts
    }
    payments {
      ...MoneyParts
    }
    refunds {
      ...MoneyParts
    }
    chargebacks {
      ...MoneyParts
    }
    other {
      ...MoneyParts
    }
    fees {
      ...MoneyParts
    }
    transactions
  }
  ${MoneyPartsFragment}
`;

export type ProviderPayoutsQuery = {
  providerPayouts: {
    edges: readonly { node: PayoutParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type ProviderPayoutsQueryVariables = { first: number; after?: string | null };
export const ProviderPayoutsDocument: TypedDocumentNode<ProviderPayoutsQuery, ProviderPayoutsQueryVariables> =
  gql`
    query ProviderPayouts($first: Int!, $after: String) {
      providerPayouts(first: $first, after: $after) {
        edges {
          node {
            ...PayoutParts
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
    ${PayoutPartsFragment}
  `;

export type ProviderPayoutsFileQuery = {
  providerPayoutsFile: { name: string; mediaType: string; content: string };
};
export type ProviderPayoutsFileQueryVariables = Record<string, never>;
export const ProviderPayoutsFileDocument: TypedDocumentNode<
  ProviderPayoutsFileQuery,
  ProviderPayoutsFileQueryVariables
> = gql`
  query ProviderPayoutsFile {
    providerPayoutsFile {
      name
      mediaType
      content
    }
  }
`;
