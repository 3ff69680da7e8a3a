// Generated from reservations.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type { CancelReservationInput, ReserveConnectorInput } from './inputs.js';

export type ReservationParts = {
  id: string;
  status: 'REQUESTED' | 'ACTIVE' | 'REFUSED' | 'EXPIRED' | 'REMOVED' | 'CANCELLED' | 'USED';
  expiresAt: string;
  station: { id: string; name: string; location: { id: string; name: string } };
  connector: { id: string; standard: string } | null;
};
export const ReservationPartsFragment = gql`
  fragment ReservationParts on Reservation {
    id
    status
    expiresAt
    station {
      id
      name
      location {
        id
        name
      }
    }
    connector {
      id
      standard
    }
  }
`;

export type MyReservationsQuery = { myReservations: { edges: readonly { node: ReservationParts }[] } };
export type MyReservationsQueryVariables = { first: number };
export const MyReservationsDocument: TypedDocumentNode<MyReservationsQuery, MyReservationsQueryVariables> =
  gql`
    query MyReservations($first: Int!) {
      myReservations(first: $first) {
        edges {
          node {
            ...ReservationParts
          }
        }
      }
    }
    ${ReservationPartsFragment}
  `;

export type ReserveConnectorMutation = {
  reserveConnector:
    | { __typename: 'ReservationMade'; reservation: ReservationParts }
    | { __typename: 'ReservationRefused'; reason: string; message: string };
};
export type ReserveConnectorMutationVariables = { input: ReserveConnectorInput };
export const ReserveConnectorDocument: TypedDocumentNode<
  ReserveConnectorMutation,
  ReserveConnectorMutationVariables
> = gql`
  mutation ReserveConnector($input: ReserveConnectorInput!) {
    reserveConnector(input: $input) {
      __typename
      ... on ReservationMade {
        reservation {
          ...ReservationParts
        }
      }
      ... on ReservationRefused {
        reason
        message
      }
    }
  }
  ${ReservationPartsFragment}
`;

export type CancelReservationMutation = {
  cancelReservation:
    | { __typename: 'ReservationCancelled'; reservation: ReservationParts }
    | { __typename: 'CancellationRefused'; reason: string; message: string };
};
export type CancelReservationMutationVariables = { input: CancelReservationInput };
export const CancelReservationDocument: TypedDocumentNode<
  CancelReservationMutation,
  CancelReservationMutationVariables
> = gql`
  mutation CancelReservation($input: CancelReservationInput!) {
    cancelReservation(input: $input) {
      __typename
      ... on ReservationCancelled {
        reservation {
          ...ReservationParts
        }
      }
      ... on CancellationRefused {
        reason
        message
      }
    }
  }
  ${ReservationPartsFragment}
`;
