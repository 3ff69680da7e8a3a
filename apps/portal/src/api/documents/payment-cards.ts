// Generated from payment-cards.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type {
  ChoosePaymentMethodInput,
  FinishCardSetupInput,
  OpenCardPageInput,
  RemoveCardInput,
} from './inputs.js';

export type PaymentCardsParts = {
  accountId: string;
  offered: boolean;
  method: 'CARD' | 'AS_AGREED';
  cards: readonly {
    id: string;
    brand: string;
    last4: string;
    expiresMonth: number;
    expiresYear: number;
    isDefault: boolean;
  }[];
};
export const PaymentCardsPartsFragment = gql`
  fragment PaymentCardsParts on PaymentCards {
    accountId
    offered
    method
    cards {
      id
      brand
      last4
      expiresMonth
      expiresYear
      isDefault
    }
  }
`;

export type PaymentCardsQuery = { paymentCards: PaymentCardsParts };
export type PaymentCardsQueryVariables = Record<string, never>;
export const PaymentCardsDocument: TypedDocumentNode<PaymentCardsQuery, PaymentCardsQueryVariables> = gql`
  query PaymentCards {
    paymentCards {
      ...PaymentCardsParts
    }
  }
  ${PaymentCardsPartsFragment}
`;

export type OpenCardPageMutation = { openCardPage: { setupId: string; url: string } };
export type OpenCardPageMutationVariables = { input: OpenCardPageInput };
export const OpenCardPageDocument: TypedDocumentNode<OpenCardPageMutation, OpenCardPageMutationVariables> =
  gql`
    mutation OpenCardPage($input: OpenCardPageInput!) {
      openCardPage(input: $input) {
        setupId
        url
      }
    }
  `;

export type FinishCardSetupMutation = {
  finishCardSetup: { state: 'OPEN' | 'DONE' | 'FAILED'; cards: PaymentCardsParts };
};
export type FinishCardSetupMutationVariables = { input: FinishCardSetupInput };
export const FinishCardSetupDocument: TypedDocumentNode<
  FinishCardSetupMutation,
  FinishCardSetupMutationVariables
> = gql`
  mutation FinishCardSetup($input: FinishCardSetupInput!) {
    finishCardSetup(input: $input) {
      state
      cards {
        ...PaymentCardsParts
      }
    }
  }
  ${PaymentCardsPartsFragment}
`;

export type RemovePaymentCardMutation = { removeCard: { cards: PaymentCardsParts } };
export type RemovePaymentCardMutationVariables = { input: RemoveCardInput };
export const RemovePaymentCardDocument: TypedDocumentNode<
  RemovePaymentCardMutation,
  RemovePaymentCardMutationVariables
> = gql`
  mutation RemovePaymentCard($input: RemoveCardInput!) {
    removeCard(input: $input) {
      cards {
        ...PaymentCardsParts
      }
    }
  }
  ${PaymentCardsPartsFragment}
`;

export type ChoosePaymentMethodMutation = { choosePaymentMethod: { cards: PaymentCardsParts } };
export type ChoosePaymentMethodMutationVariables = { input: ChoosePaymentMethodInput };
export const ChoosePaymentMethodDocument: TypedDocumentNode<
  ChoosePaymentMethodMutation,
  ChoosePaymentMethodMutationVariables
> = gql`
  mutation ChoosePaymentMethod($input: ChoosePaymentMethodInput!) {
    choosePaymentMethod(input: $input) {
      cards {
        ...PaymentCardsParts
      }
    }
  }
  ${PaymentCardsPartsFragment}
`;
