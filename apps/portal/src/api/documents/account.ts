// Generated from account.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type { RefreshSessionInput, SignInInput, SignOutInput } from './inputs.js';

export type AccountParts = {
  id: string;
  email: string;
  displayName: string;
  role: 'DRIVER' | 'OPERATOR' | 'SUPPORT' | 'PARTNER' | 'ADMIN';
  locale: string;
};
export const AccountPartsFragment = gql`
  fragment AccountParts on Account {
    id
    email
    displayName
    role
    locale
  }
`;

export type SignInParts =
  | {
      __typename: 'SignedIn';
      accessToken: string;
      accessTokenExpiresAt: string;
      refreshToken: string;
      account: AccountParts;
    }
  | { __typename: 'SignInRefused'; reason: string; message: string; retryAfterSeconds: number | null }
  | { __typename: 'SecondFactorNeeded' };
export const SignInPartsFragment = gql`
  fragment SignInParts on SignInResult {
    __typename
    ... on SignedIn {
      accessToken
      accessTokenExpiresAt
      refreshToken
      account {
        ...AccountParts
      }
    }
    ... on SignInRefused {
      reason
      message
      retryAfterSeconds
    }
  }
  ${AccountPartsFragment}
`;

export type SignInMutation = {
  signIn:
    | {
        __typename: 'SignedIn';
        accessToken: string;
        accessTokenExpiresAt: string;
        refreshToken: string;
        account: AccountParts;
      }
    | { __typename: 'SignInRefused'; reason: string; message: string; retryAfterSeconds: number | null }
    | { __typename: 'SecondFactorNeeded' };
};
export type SignInMutationVariables = { input: SignInInput };
export const SignInDocument: TypedDocumentNode<SignInMutation, SignInMutationVariables> = gql`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      ...SignInParts
    }
  }
  ${SignInPartsFragment}
`;

export type RefreshSessionMutation = {
  refreshSession:
    | {
        __typename: 'SignedIn';
        accessToken: string;
        accessTokenExpiresAt: string;
        refreshToken: string;
        account: AccountParts;
      }
    | { __typename: 'SignInRefused'; reason: string; message: string; retryAfterSeconds: number | null }
    | { __typename: 'SecondFactorNeeded' };
};
export type RefreshSessionMutationVariables = { input: RefreshSessionInput };
export const RefreshSessionDocument: TypedDocumentNode<
  RefreshSessionMutation,
  RefreshSessionMutationVariables
> = gql`
  mutation RefreshSession($input: RefreshSessionInput!) {
    refreshSession(input: $input) {
      ...SignInParts
    }
  }
  ${SignInPartsFragment}
`;

export type SignOutMutation = { signOut: { signedOut: boolean } };
export type SignOutMutationVariables = { input: SignOutInput };
export const SignOutDocument: TypedDocumentNode<SignOutMutation, SignOutMutationVariables> = gql`
  mutation SignOut($input: SignOutInput!) {
    signOut(input: $input) {
      signedOut
    }
  }
`;
