// Generated from chargebacks.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';

export type ChargebacksQuery = {
  chargebacks: {
    totalCount: number;
    edges: readonly {
      node: {
        id: string;
        reference: string;
        state: 'INQUIRY' | 'INQUIRY_ANSWERED' | 'NEEDS_RESPONSE' | 'UNDER_REVIEW' | 'WON' | 'LOST' | 'CLOSED';
        reason: string;
        openedAt: string;
        closedAt: string | null;
        evidenceDueAt: string | null;
        evidenceSent: boolean;
        amount: { amount: string; currency: string };
        withdrawn: { amount: string; currency: string };
        fee: { amount: string; currency: string };
        claim: { amount: string; currency: string };
        account: { id: string; displayName: string };
        invoice: { id: string; number: string; status: 'OPEN' | 'PAID' | 'CREDITED' | 'WRITTEN_OFF' } | null;
        session: { id: string; startedAt: string } | null;
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type ChargebacksQueryVariables = { first: number; after?: string | null; undecided?: boolean | null };
export const ChargebacksDocument: TypedDocumentNode<ChargebacksQuery, ChargebacksQueryVariables> = gql`
  query Chargebacks($first: Int!, $after: String, $undecided: Boolean) {
    chargebacks(first: $first, after: $after, undecided: $undecided) {
      totalCount
      edges {
        node {
          id
          reference
          state
          reason
          openedAt
          closedAt
          evidenceDueAt
          evidenceSent
          amount {
            amount
            currency
          }
          withdrawn {
            amount
            currency
          }
          fee {
            amount
            currency
          }
          claim {
            amount
            currency
          }
          account {
            id
            displayName
          }
          invoice {
            id
            number
            status
          }
          session {
            id
            startedAt
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

export type ChargebackEvidenceQuery = {
  chargeback: {
    id: string;
    reference: string;
    invoice: { id: string; pdf: { name: string; mediaType: string; content: string } } | null;
    session: {
      id: string;
      cdr: {
        id: string;
        energyWh: number;
        startedAt: string;
        endedAt: string;
        totalInclVat: { amount: string; currency: string };
        lines: readonly {
          dimension: string;
          quantity: string;
          unit: string;
          inclVat: { amount: string; currency: string };
        }[];
      } | null;
      signedReadings: {
        verdict: 'VERIFIED' | 'FAILED' | 'UNKNOWN_KEY' | 'INCOMPLETE' | 'UNSIGNED';
        transparencyXml: string | null;
      };
    } | null;
  } | null;
};
export type ChargebackEvidenceQueryVariables = { id: string };
export const ChargebackEvidenceDocument: TypedDocumentNode<
  ChargebackEvidenceQuery,
  ChargebackEvidenceQueryVariables
> = gql`
  query ChargebackEvidence($id: ID!) {
    chargeback(id: $id) {
      id
      reference
      invoice {
        id
        pdf {
          name
          mediaType
          content
        }
      }
      session {
        id
        cdr {
          id
          energyWh
          startedAt
          endedAt
          totalInclVat {
            amount
            currency
          }
          lines {
            dimension
            quantity
            unit
            inclVat {
              amount
              currency
            }
          }
        }
        signedReadings {
          verdict
          transparencyXml
        }
      }
    }
  }
`;
