// Generated from contracts.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type MyTokenParts, MyTokenPartsFragment } from './cards.js';
import type {
  DecideContractRequestInput,
  ImportTokensInput,
  RequestContractRemovalInput,
  RequestMyContractInput,
  SetContractStatusInput,
  WithdrawContractRequestInput,
} from './inputs.js';

export type ContractRowParts = {
  id: string;
  masked: string;
  provider: string;
  status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED';
  validUntil: string | null;
  certificates: readonly { serial: string; revoked: boolean }[];
  installations: readonly { at: string; stationIdentity: string | null; locationName: string | null }[];
  lastUse: { at: string; stationIdentity: string | null; locationName: string | null } | null;
};
export const ContractRowPartsFragment = gql`
  fragment ContractRowParts on Contract {
    id
    masked
    provider
    status
    validUntil
    certificates {
      serial
      revoked
    }
    installations {
      at
      stationIdentity
      locationName
    }
    lastUse {
      at
      stationIdentity
      locationName
    }
  }
`;

export type MyContractParts = ContractRowParts & {
  token: MyTokenParts;
  removalRequest: { id: string; state: 'WAITING' | 'APPROVED' | 'DECLINED' | 'WITHDRAWN' } | null;
};
export const MyContractPartsFragment = gql`
  fragment MyContractParts on Contract {
    ...ContractRowParts
    token {
      ...MyTokenParts
    }
    removalRequest {
      id
      state
    }
  }
  ${ContractRowPartsFragment}
  ${MyTokenPartsFragment}
`;

export type MyContractsQuery = {
  contracts: {
    totalCount: number;
    edges: readonly { node: MyContractParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type MyContractsQueryVariables = { first: number; after?: string | null };
export const MyContractsDocument: TypedDocumentNode<MyContractsQuery, MyContractsQueryVariables> = gql`
  query MyContracts($first: Int!, $after: String) {
    contracts(first: $first, after: $after) {
      totalCount
      edges {
        node {
          ...MyContractParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${MyContractPartsFragment}
`;

export type ContractRequestParts = {
  id: string;
  kind: 'ADD' | 'REMOVE';
  state: 'WAITING' | 'APPROVED' | 'DECLINED' | 'WITHDRAWN';
  masked: string;
  name: string | null;
  note: string | null;
  createdAt: string;
  decidedAt: string | null;
  reason: string | null;
  proof: { at: string; stationIdentity: string | null; locationName: string | null } | null;
};
export const ContractRequestPartsFragment = gql`
  fragment ContractRequestParts on ContractRequest {
    id
    kind
    state
    masked
    name
    note
    createdAt
    decidedAt
    reason
    proof {
      at
      stationIdentity
      locationName
    }
  }
`;

export type MyContractRequestsQuery = {
  contractRequests: {
    edges: readonly { node: ContractRequestParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type MyContractRequestsQueryVariables = { first: number; after?: string | null };
export const MyContractRequestsDocument: TypedDocumentNode<
  MyContractRequestsQuery,
  MyContractRequestsQueryVariables
> = gql`
  query MyContractRequests($first: Int!, $after: String) {
    contractRequests(first: $first, after: $after) {
      edges {
        node {
          ...ContractRequestParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${ContractRequestPartsFragment}
`;

export type ContractsQuery = {
  contracts: {
    totalCount: number;
    edges: readonly {
      node: ContractRowParts & {
        token: { id: string; account: { id: string; email: string; displayName: string } | null };
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type ContractsQueryVariables = {
  first: number;
  after?: string | null;
  search?: string | null;
  status?: 'ACTIVE' | 'BLOCKED' | 'EXPIRED' | null;
};
export const ContractsDocument: TypedDocumentNode<ContractsQuery, ContractsQueryVariables> = gql`
  query Contracts($first: Int!, $after: String, $search: String, $status: TokenStatus) {
    contracts(first: $first, after: $after, search: $search, status: $status) {
      totalCount
      edges {
        node {
          ...ContractRowParts
          token {
            id
            account {
              id
              email
              displayName
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
  ${ContractRowPartsFragment}
`;

export type ContractRequestsQuery = {
  contractRequests: {
    edges: readonly {
      node: ContractRequestParts & { account: { id: string; email: string; displayName: string } | null };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type ContractRequestsQueryVariables = {
  first: number;
  after?: string | null;
  state?: 'WAITING' | 'APPROVED' | 'DECLINED' | 'WITHDRAWN' | null;
};
export const ContractRequestsDocument: TypedDocumentNode<
  ContractRequestsQuery,
  ContractRequestsQueryVariables
> = gql`
  query ContractRequests($first: Int!, $after: String, $state: ContractRequestState) {
    contractRequests(first: $first, after: $after, state: $state) {
      edges {
        node {
          ...ContractRequestParts
          account {
            id
            email
            displayName
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${ContractRequestPartsFragment}
`;

export type RequestMyContractMutation = { requestMyContract: { request: ContractRequestParts } };
export type RequestMyContractMutationVariables = { input: RequestMyContractInput };
export const RequestMyContractDocument: TypedDocumentNode<
  RequestMyContractMutation,
  RequestMyContractMutationVariables
> = gql`
  mutation RequestMyContract($input: RequestMyContractInput!) {
    requestMyContract(input: $input) {
      request {
        ...ContractRequestParts
      }
    }
  }
  ${ContractRequestPartsFragment}
`;

export type RequestContractRemovalMutation = { requestContractRemoval: { request: ContractRequestParts } };
export type RequestContractRemovalMutationVariables = { input: RequestContractRemovalInput };
export const RequestContractRemovalDocument: TypedDocumentNode<
  RequestContractRemovalMutation,
  RequestContractRemovalMutationVariables
> = gql`
  mutation RequestContractRemoval($input: RequestContractRemovalInput!) {
    requestContractRemoval(input: $input) {
      request {
        ...ContractRequestParts
      }
    }
  }
  ${ContractRequestPartsFragment}
`;

export type WithdrawContractRequestMutation = { withdrawContractRequest: { request: ContractRequestParts } };
export type WithdrawContractRequestMutationVariables = { input: WithdrawContractRequestInput };
export const WithdrawContractRequestDocument: TypedDocumentNode<
  WithdrawContractRequestMutation,
  WithdrawContractRequestMutationVariables
> = gql`
  mutation WithdrawContractRequest($input: WithdrawContractRequestInput!) {
    withdrawContractRequest(input: $input) {
      request {
        ...ContractRequestParts
      }
    }
  }
  ${ContractRequestPartsFragment}
`;

export type DecideContractRequestMutation = { decideContractRequest: { request: ContractRequestParts } };
export type DecideContractRequestMutationVariables = { input: DecideContractRequestInput };
export const DecideContractRequestDocument: TypedDocumentNode<
  DecideContractRequestMutation,
  DecideContractRequestMutationVariables
> = gql`
  mutation DecideContractRequest($input: DecideContractRequestInput!) {
    decideContractRequest(input: $input) {
      request {
        ...ContractRequestParts
      }
    }
  }
  ${ContractRequestPartsFragment}
`;

export type SetContractStatusMutation = { setContractStatus: { contract: ContractRowParts } };
export type SetContractStatusMutationVariables = { input: SetContractStatusInput };
export const SetContractStatusDocument: TypedDocumentNode<
  SetContractStatusMutation,
  SetContractStatusMutationVariables
> = gql`
  mutation SetContractStatus($input: SetContractStatusInput!) {
    setContractStatus(input: $input) {
      contract {
        ...ContractRowParts
      }
    }
  }
  ${ContractRowPartsFragment}
`;

export type ImportContractMutation = {
  importTokens: {
    created: number;
    updated: number;
    unchanged: number;
    problems: readonly { code: string; message: string }[];
  };
};
export type ImportContractMutationVariables = { input: ImportTokensInput };
export const ImportContractDocument: TypedDocumentNode<
  ImportContractMutation,
  ImportContractMutationVariables
> = gql`
  mutation ImportContract($input: ImportTokensInput!) {
    importTokens(input: $input) {
      created
      updated
      unchanged
      problems {
        code
        message
      }
    }
  }
`;
