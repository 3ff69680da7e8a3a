// Generated from payment-terms.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type { SetPaymentTermsInput } from './inputs.js';

export type PaymentTermsQuery = {
  paymentTerms: {
    accountId: string | null;
    kind: 'PREPAID' | 'ACCOUNT' | 'CARD';
    invoicing: 'PER_SESSION' | 'MONTHLY';
    currency: string;
    floor: { amount: string };
    minimumToStart: { amount: string };
    creditLimit: { amount: string } | null;
    daysToPay: number;
    blocked: boolean;
    own: boolean;
    updatedAt: string | null;
    changes: readonly { kind: 'PREPAID' | 'ACCOUNT' | 'CARD'; changedAt: string; reason: string }[];
  };
};
export type PaymentTermsQueryVariables = { accountId?: string | null };
export const PaymentTermsDocument: TypedDocumentNode<PaymentTermsQuery, PaymentTermsQueryVariables> = gql`
  query PaymentTerms($accountId: ID) {
    paymentTerms(accountId: $accountId) {
      accountId
      kind
      invoicing
      currency
      floor {
        amount
      }
      minimumToStart {
        amount
      }
      creditLimit {
        amount
      }
      daysToPay
      blocked
      own
      updatedAt
      changes {
        kind
        changedAt
        reason
      }
    }
  }
`;

export type SetPaymentTermsMutation = {
  setPaymentTerms: { terms: { kind: 'PREPAID' | 'ACCOUNT' | 'CARD'; updatedAt: string | null } };
};
export type SetPaymentTermsMutationVariables = { input: SetPaymentTermsInput };
export const SetPaymentTermsDocument: TypedDocumentNode<
  SetPaymentTermsMutation,
  SetPaymentTermsMutationVariables
> = gql`
  mutation SetPaymentTerms($input: SetPaymentTermsInput!) {
    setPaymentTerms(input: $input) {
      terms {
        kind
        updatedAt
      }
    }
  }
`;
