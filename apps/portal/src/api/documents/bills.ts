// Generated from bills.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type MoneyParts, MoneyPartsFragment } from './cost.js';
import type { DecideDisputeInput, DecideHoldInput, OpenDisputeInput } from './inputs.js';

export type DisputeParts = {
  id: string;
  state: 'OPEN' | 'ACCEPTED' | 'REJECTED';
  reason: 'ENERGY' | 'PRICE' | 'IDLE' | 'NOT_MINE' | 'OTHER';
  text: string;
  openedAt: string;
  decidedAt: string | null;
  answer: string | null;
  invoice: { id: string; number: string; totalInclVat: MoneyParts };
};
export const DisputePartsFragment = gql`
  fragment DisputeParts on Dispute {
    id
    state
    reason
    text
    openedAt
    decidedAt
    answer
    invoice {
      id
      number
      totalInclVat {
        ...MoneyParts
      }
    }
  }
  ${MoneyPartsFragment}
`;

export type BillEvidenceParts = {
  energyWh: number;
  beginRegisterWh: number | null;
  endRegisterWh: number | null;
  maxPowerW: number;
  doubts: readonly string[];
  signedVerdict: string | null;
  signedReasons: readonly string[];
};
export const BillEvidencePartsFragment = gql`
  fragment BillEvidenceParts on BilledMeter {
    energyWh
    beginRegisterWh
    endRegisterWh
    maxPowerW
    doubts
    signedVerdict
    signedReasons
  }
`;

export type HeldSessionsQuery = {
  heldSessions: {
    totalCount: number;
    edges: readonly {
      node: {
        session: { id: string; startedAt: string; station: { id: string; name: string } };
        reason: 'ENERGY_DISPUTED' | 'NO_TARIFF' | 'OTHER_DRIVER';
        heldAt: string;
        energyWh: number | null;
        beginRegisterWh: number | null;
        endRegisterWh: number | null;
        maxPowerW: number | null;
        doubts: readonly string[];
        signedVerdict: string | null;
        signedReasons: readonly string[];
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type HeldSessionsQueryVariables = { first: number; after?: string | null };
export const HeldSessionsDocument: TypedDocumentNode<HeldSessionsQuery, HeldSessionsQueryVariables> = gql`
  query HeldSessions($first: Int!, $after: String) {
    heldSessions(first: $first, after: $after) {
      totalCount
      edges {
        node {
          session {
            id
            startedAt
            station {
              id
              name
            }
          }
          reason
          heldAt
          energyWh
          beginRegisterWh
          endRegisterWh
          maxPowerW
          doubts
          signedVerdict
          signedReasons
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export type DisputesQuery = {
  disputes: {
    totalCount: number;
    edges: readonly {
      node: DisputeParts & {
        decidedBy: { id: string; displayName: string } | null;
        session: {
          id: string;
          startedAt: string;
          station: { id: string; name: string };
          billedMeter: BillEvidenceParts | null;
        };
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type DisputesQueryVariables = {
  first: number;
  after?: string | null;
  state?: 'OPEN' | 'ACCEPTED' | 'REJECTED' | null;
};
export const DisputesDocument: TypedDocumentNode<DisputesQuery, DisputesQueryVariables> = gql`
  query Disputes($first: Int!, $after: String, $state: DisputeState) {
    disputes(first: $first, after: $after, state: $state) {
      totalCount
      edges {
        node {
          ...DisputeParts
          decidedBy {
            id
            displayName
          }
          session {
            id
            startedAt
            station {
              id
              name
            }
            billedMeter {
              ...BillEvidenceParts
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${BillEvidencePartsFragment}
  ${DisputePartsFragment}
`;

export type InvoiceDisputesQuery = {
  invoice: {
    id: string;
    sessions: {
      edges: readonly {
        node: {
          startedAt: string;
          place: string;
          session: {
            id: string;
            disputes: readonly {
              id: string;
              state: 'OPEN' | 'ACCEPTED' | 'REJECTED';
              reason: 'ENERGY' | 'PRICE' | 'IDLE' | 'NOT_MINE' | 'OTHER';
              text: string;
              openedAt: string;
              answer: string | null;
              invoice: { id: string };
            }[];
          };
        };
      }[];
    };
  } | null;
};
export type InvoiceDisputesQueryVariables = { id: string };
export const InvoiceDisputesDocument: TypedDocumentNode<InvoiceDisputesQuery, InvoiceDisputesQueryVariables> =
  gql`
    query InvoiceDisputes($id: ID!) {
      invoice(id: $id) {
        id
        sessions(first: 100) {
          edges {
            node {
              startedAt
              place
              session {
                id
                disputes {
                  id
                  state
                  reason
                  text
                  openedAt
                  answer
                  invoice {
                    id
                  }
                }
              }
            }
          }
        }
      }
    }
  `;

export type DecideHoldMutation = { decideHold: { session: { id: string } } };
export type DecideHoldMutationVariables = { input: DecideHoldInput };
export const DecideHoldDocument: TypedDocumentNode<DecideHoldMutation, DecideHoldMutationVariables> = gql`
  mutation DecideHold($input: DecideHoldInput!) {
    decideHold(input: $input) {
      session {
        id
      }
    }
  }
`;

export type OpenDisputeMutation = {
  openDispute: { session: { id: string; disputes: readonly DisputeParts[] } };
};
export type OpenDisputeMutationVariables = { input: OpenDisputeInput };
export const OpenDisputeDocument: TypedDocumentNode<OpenDisputeMutation, OpenDisputeMutationVariables> = gql`
  mutation OpenDispute($input: OpenDisputeInput!) {
    openDispute(input: $input) {
      session {
        id
        disputes {
          ...DisputeParts
        }
      }
    }
  }
  ${DisputePartsFragment}
`;

export type DecideDisputeMutation = {
  decideDispute: { session: { id: string; disputes: readonly DisputeParts[] } };
};
export type DecideDisputeMutationVariables = { input: DecideDisputeInput };
export const DecideDisputeDocument: TypedDocumentNode<DecideDisputeMutation, DecideDisputeMutationVariables> =
  gql`
    mutation DecideDispute($input: DecideDisputeInput!) {
      decideDispute(input: $input) {
        session {
          id
          disputes {
            ...DisputeParts
          }
        }
      }
    }
    ${DisputePartsFragment}
  `;
