// Generated from people.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type {
  CreateAccountInput,
  ResetSecondFactorInput,
  SetAccountActiveInput,
  SignInPolicyInput,
} from './inputs.js';

export type PersonParts = {
  id: string;
  email: string;
  displayName: string;
  role: 'DRIVER' | 'OPERATOR' | 'SUPPORT' | 'PARTNER' | 'ADMIN';
  active: boolean;
  createdAt: string;
};
export const PersonPartsFragment = gql`
  fragment PersonParts on Account {
    id
    email
    displayName
    role
    active
    createdAt
  }
`;

export type PeopleQuery = {
  accounts: {
    totalCount: number;
    edges: readonly { node: PersonParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type PeopleQueryVariables = { first: number; after?: string | null; search?: string | null };
export const PeopleDocument: TypedDocumentNode<PeopleQuery, PeopleQueryVariables> = gql`
  query People($first: Int!, $after: String, $search: String) {
    accounts(first: $first, after: $after, search: $search) {
      totalCount
      edges {
        node {
          ...PersonParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${PersonPartsFragment}
`;

export type CreateAccountMutation = { createAccount: { account: PersonParts } };
export type CreateAccountMutationVariables = { input: CreateAccountInput };
export const CreateAccountDocument: TypedDocumentNode<CreateAccountMutation, CreateAccountMutationVariables> =
  gql`
    mutation CreateAccount($input: CreateAccountInput!) {
      createAccount(input: $input) {
        account {
          ...PersonParts
        }
      }
    }
    ${PersonPartsFragment}
  `;

export type SetAccountActiveMutation = { setAccountActive: { account: PersonParts } };
export type SetAccountActiveMutationVariables = { input: SetAccountActiveInput };
export const SetAccountActiveDocument: TypedDocumentNode<
  SetAccountActiveMutation,
  SetAccountActiveMutationVariables
> = gql`
  mutation SetAccountActive($input: SetAccountActiveInput!) {
    setAccountActive(input: $input) {
      account {
        ...PersonParts
      }
    }
  }
  ${PersonPartsFragment}
`;

export type ResetSecondFactorMutation = { resetSecondFactor: { accepted: boolean } };
export type ResetSecondFactorMutationVariables = { input: ResetSecondFactorInput };
export const ResetSecondFactorDocument: TypedDocumentNode<
  ResetSecondFactorMutation,
  ResetSecondFactorMutationVariables
> = gql`
  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {
    resetSecondFactor(input: $input) {
      accepted
    }
  }
`;

export type SignInPolicyQuery = {
  signInPolicy: { secondFactorRoles: readonly ('DRIVER' | 'OPERATOR' | 'SUPPORT' | 'PARTNER' | 'ADMIN')[] };
};
export type SignInPolicyQueryVariables = Record<string, never>;
export const SignInPolicyDocument: TypedDocumentNode<SignInPolicyQuery, SignInPolicyQueryVariables> = gql`
  query SignInPolicy {
    signInPolicy {
      secondFactorRoles
    }
  }
`;

export type SetSignInPolicyMutation = {
  setSignInPolicy: {
    secondFactorRoles: readonly ('DRIVER' | 'OPERATOR' | 'SUPPORT' | 'PARTNER' | 'ADMIN')[];
  };
};
export type SetSignInPolicyMutationVariables = { input: SignInPolicyInput };
export const SetSignInPolicyDocument: TypedDocumentNode<
  SetSignInPolicyMutation,
  SetSignInPolicyMutationVariables
> = gql`
  mutation SetSignInPolicy($input: SignInPolicyInput!) {
    setSignInPolicy(input: $input) {
      secondFactorRoles
    }
  }
`;
