// Generated from revenue.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type MoneyParts, MoneyPartsFragment } from './cost.js';
import type { RevenueInput } from './inputs.js';

export type RevenueQuery = {
  revenue: {
    edges: readonly {
      node: {
        period: string;
        location: { id: string; name: string } | null;
        station: { id: string; name: string } | null;
        net: MoneyParts;
        tax: MoneyParts;
        taxes: readonly { name: string; percent: string | null; amount: MoneyParts }[];
        creditedNet: MoneyParts;
        creditNotes: number;
        partnerNet: MoneyParts;
        providerFees: MoneyParts;
        energyWh: number;
        sessions: number;
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type RevenueQueryVariables = { input: RevenueInput; first: number; after?: string | null };
export const RevenueDocument: TypedDocumentNode<RevenueQuery, RevenueQueryVariables> = gql`
  query Revenue($input: RevenueInput!, $first: Int!, $after: String) {
    revenue(input: $input, first: $first, after: $after) {
      edges {
        node {
          period
          location {
            id
            name
          }
          station {
            id
            name
          }
          net {
            ...MoneyParts
          }
          tax {
            ...MoneyParts
          }
          taxes {
            name
            percent
            amount {
              ...MoneyParts
            }
          }
          creditedNet {
            ...MoneyParts
          }
          creditNotes
          partnerNet {
            ...MoneyParts
          }
          providerFees {
            ...MoneyParts
          }
          energyWh
          sessions
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${MoneyPartsFragment}
`;

export type RevenueFileQuery = { revenueFile: { name: string; mediaType: string; content: string } };
export type RevenueFileQueryVariables = { input: RevenueInput };
export const RevenueFileDocument: TypedDocumentNode<RevenueFileQuery, RevenueFileQueryVariables> = gql`
  query RevenueFile($input: RevenueInput!) {
    revenueFile(input: $input) {
      name
      mediaType
      content
    }
  }
`;
