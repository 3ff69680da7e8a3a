// Generated from clients.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type {
  CreateMachineClientInput,
  RevokeMachineClientInput,
  RotateMachineClientSecretInput,
} from './inputs.js';

export type MachineClientParts = {
  id: string;
  name: string;
  scopes: readonly string[];
  createdAt: string;
  lastUsedAt: string | null;
  previousSecretUntil: string | null;
  revokedAt: string | null;
};
export const MachineClientPartsFragment = gql`
  fragment MachineClientParts on MachineClient {
    id
    name
    scopes
    createdAt
    lastUsedAt
    previousSecretUntil
    revokedAt
  }
`;

export type MachineClientsQuery = {
  machineClients: {
    edges: readonly { node: MachineClientParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type MachineClientsQueryVariables = { first: number; after?: string | null };
export const MachineClientsDocument: TypedDocumentNode<MachineClientsQuery, MachineClientsQueryVariables> =
  gql`
    query MachineClients($first: Int!, $after: String) {
      machineClients(first: $first, after: $after) {
        edges {
          node {
            ...MachineClientParts
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
    ${MachineClientPartsFragment}
  `;

export type CreateMachineClientMutation = {
  createMachineClient: { secret: string; client: MachineClientParts };
};
export type CreateMachineClientMutationVariables = { input: CreateMachineClientInput };
export const CreateMachineClientDocument: TypedDocumentNode<
  CreateMachineClientMutation,
  CreateMachineClientMutationVariables
> = gql`
  mutation CreateMachineClient($input: CreateMachineClientInput!) {
    createMachineClient(input: $input) {
      secret
      client {
        ...MachineClientParts
      }
    }
  }
  ${MachineClientPartsFragment}
`;

export type RotateMachineClientSecretMutation = {
  rotateMachineClientSecret: { secret: string; client: MachineClientParts };
};
export type RotateMachineClientSecretMutationVariables = { input: RotateMachineClientSecretInput };
export const RotateMachineClientSecretDocument: TypedDocumentNode<
  RotateMachineClientSecretMutation,
  RotateMachineClientSecretMutationVariables
> = gql`
  mutation RotateMachineClientSecret($input: RotateMachineClientSecretInput!) {
    rotateMachineClientSecret(input: $input) {
      secret
      client {
        ...MachineClientParts
      }
    }
  }
  ${MachineClientPartsFragment}
`;

export type RevokeMachineClientMutation = { revokeMachineClient: { client: MachineClientParts } };
export type RevokeMachineClientMutationVariables = { input: RevokeMachineClientInput };
export const RevokeMachineClientDocument: TypedDocumentNode<
  RevokeMachineClientMutation,
  RevokeMachineClientMutationVariables
> = gql`
  mutation RevokeMachineClient($input: RevokeMachineClientInput!) {
    revokeMachineClient(input: $input) {
      client {
        ...MachineClientParts
      }
    }
  }
  ${MachineClientPartsFragment}
`;
