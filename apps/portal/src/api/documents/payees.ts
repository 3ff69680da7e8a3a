// Generated from payees.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type MoneyParts, MoneyPartsFragment } from './cost.js';
import type {
  AgreePayeeTermInput,
  EndPayeeTermInput,
  PayPayeeStatementInput,
  SetPayeeInput,
} from './inputs.js';

export type StatementParts = {
  id: string | null;
  number: string | null;
  state: 'DRAFT' | 'ISSUED' | 'PAID';
  month: string;
  issuedAt: string | null;
  paidAt: string | null;
  paidReference: string | null;
  lines: readonly {
    locationName: string;
    kind: 'ENERGY_SHARE' | 'PER_KWH' | 'PER_SESSION';
    value: string;
    correction: boolean;
    sessions: number;
    energyWh: number;
    amount: MoneyParts;
  }[];
  carriedIn: MoneyParts;
  due: MoneyParts;
  carriedOut: MoneyParts;
};
export const StatementPartsFragment = gql`
  fragment StatementParts on PayeeStatement {
    id
    number
    state
    month
    issuedAt
    paidAt
    paidReference
    lines {
      locationName
      kind
      value
      correction
      sessions
      energyWh
      amount {
        ...MoneyParts
      }
    }
    carriedIn {
      ...MoneyParts
    }
    due {
      ...MoneyParts
    }
    carriedOut {
      ...MoneyParts
    }
  }
  ${MoneyPartsFragment}
`;

export type PayeesQuery = {
  payees: {
    edges: readonly {
      node: {
        id: string;
        name: string;
        address: string;
        currency: string;
        nextMonth: string;
        terms: readonly {
          id: string;
          locationId: string;
          kind: 'ENERGY_SHARE' | 'PER_KWH' | 'PER_SESSION';
          value: string;
          firstMonth: string;
          lastMonth: string | null;
        }[];
        draft: { due: MoneyParts } | null;
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type PayeesQueryVariables = { first: number; after?: string | null };
export const PayeesDocument: TypedDocumentNode<PayeesQuery, PayeesQueryVariables> = gql`
  query Payees($first: Int!, $after: String) {
    payees(first: $first, after: $after) {
      edges {
        node {
          id
          name
          address
          currency
          nextMonth
          terms {
            id
            locationId
            kind
            value
            firstMonth
            lastMonth
          }
          draft {
            due {
              ...MoneyParts
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
  ${MoneyPartsFragment}
`;

export type PayeeQuery = {
  payee: {
    id: string;
    name: string;
    address: string;
    currency: string;
    nextMonth: string;
    terms: readonly {
      id: string;
      locationId: string;
      kind: 'ENERGY_SHARE' | 'PER_KWH' | 'PER_SESSION';
      value: string;
      firstMonth: string;
      lastMonth: string | null;
      reason: string;
    }[];
    draft: StatementParts | null;
  };
  payeeStatements: {
    edges: readonly { node: StatementParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type PayeeQueryVariables = { id: string; first: number; after?: string | null };
export const PayeeDocument: TypedDocumentNode<PayeeQuery, PayeeQueryVariables> = gql`
  query Payee($id: ID!, $first: Int!, $after: String) {
    payee(id: $id) {
      id
      name
      address
      currency
      nextMonth
      terms {
        id
        locationId
        kind
        value
        firstMonth
        lastMonth
        reason
      }
      draft {
        ...StatementParts
      }
    }
    payeeStatements(payeeId: $id, first: $first, after: $after) {
      edges {
        node {
          ...StatementParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${StatementPartsFragment}
`;

export type PayeeStatementPdfQuery = {
  payeeStatement: { pdf: { name: string; mediaType: string; content: string } | null };
};
export type PayeeStatementPdfQueryVariables = { id: string; locale: string };
export const PayeeStatementPdfDocument: TypedDocumentNode<
  PayeeStatementPdfQuery,
  PayeeStatementPdfQueryVariables
> = gql`
  query PayeeStatementPdf($id: ID!, $locale: String!) {
    payeeStatement(id: $id) {
      pdf(locale: $locale) {
        name
        mediaType
        content
      }
    }
  }
`;

export type SetPayeeMutation = { setPayee: { payee: { id: string } } };
export type SetPayeeMutationVariables = { input: SetPayeeInput };
export const SetPayeeDocument: TypedDocumentNode<SetPayeeMutation, SetPayeeMutationVariables> = gql`
  mutation SetPayee($input: SetPayeeInput!) {
    setPayee(input: $input) {
      payee {
        id
      }
    }
  }
`;

export type AgreePayeeTermMutation = { agreePayeeTerm: { payee: { id: string } } };
export type AgreePayeeTermMutationVariables = { input: AgreePayeeTermInput };
export const AgreePayeeTermDocument: TypedDocumentNode<
  AgreePayeeTermMutation,
  AgreePayeeTermMutationVariables
> = gql`
  mutation AgreePayeeTerm($input: AgreePayeeTermInput!) {
    agreePayeeTerm(input: $input) {
      payee {
        id
      }
    }
  }
`;

export type PayPayeeStatementMutation = {
  payPayeeStatement: { statement: { id: string | null; state: 'DRAFT' | 'ISSUED' | 'PAID' } };
};
export type PayPayeeStatementMutationVariables = { input: PayPayeeStatementInput };
export const PayPayeeStatementDocument: TypedDocumentNode<
  PayPayeeStatementMutation,
  PayPayeeStatementMutationVariables
> = gql`
  mutation PayPayeeStatement($input: PayPayeeStatementInput!) {
    payPayeeStatement(input: $input) {
      statement {
        id
        state
      }
    }
  }
`;

export type EndPayeeTermMutation = { endPayeeTerm: { payee: { id: string } } };
export type EndPayeeTermMutationVariables = { input: EndPayeeTermInput };
export const EndPayeeTermDocument: TypedDocumentNode<EndPayeeTermMutation, EndPayeeTermMutationVariables> =
  gql`
    mutation EndPayeeTerm($input: EndPayeeTermInput!) {
      endPayeeTerm(input: $input) {
        payee {
          id
        }
      }
    }
  `;
