// Generated from account.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type {
  CompleteSignInInput,
  ConfirmEmailInput,
  RefreshSessionInput,
  ResetPasswordInput,
  SignInInput,
  SignOutInput,
} from './inputs.js';

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
  | { __typename: 'SecondFactorNeeded'; challenge: string; enrolmentNeeded: boolean };
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
    ... on SecondFactorNeeded {
      challenge
      enrolmentNeeded
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
    | { __typename: 'SecondFactorNeeded'; challenge: string; enrolmentNeeded: boolean };
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
    | { __typename: 'SecondFactorNeeded'; challenge: string; enrolmentNeeded: boolean };
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

export type CompleteSignInMutation = {
  completeSignIn:
    | {
        __typename: 'SignedIn';
        accessToken: string;
        accessTokenExpiresAt: string;
        refreshToken: string;
        account: AccountParts;
      }
    | { __typename: 'SignInRefused'; reason: string; message: string; retryAfterSeconds: number | null }
    | { __typename: 'SecondFactorNeeded'; challenge: string; enrolmentNeeded: boolean };
};
export type CompleteSignInMutationVariables = { input: CompleteSignInInput };
export const CompleteSignInDocument: TypedDocumentNode<
  CompleteSignInMutation,
  CompleteSignInMutationVariables
> = gql`
  mutation CompleteSignIn($input: CompleteSignInInput!) {
    completeSignIn(input: $input) {
      ...SignInParts
    }
  }
  ${SignInPartsFragment}
`;

export type ConfirmEmailMutation = {
  confirmEmail:
    | {
        __typename: 'SignedIn';
        accessToken: string;
        accessTokenExpiresAt: string;
        refreshToken: string;
        account: AccountParts;
      }
    | { __typename: 'SignInRefused'; reason: string; message: string; retryAfterSeconds: number | null }
    | { __typename: 'SecondFactorNeeded'; challenge: string; enrolmentNeeded: boolean };
};
export type ConfirmEmailMutationVariables = { input: ConfirmEmailInput };
export const ConfirmEmailDocument: TypedDocumentNode<ConfirmEmailMutation, ConfirmEmailMutationVariables> =
  gql`
    mutation ConfirmEmail($input: ConfirmEmailInput!) {
      confirmEmail(input: $input) {
        ...SignInParts
      }
    }
    ${SignInPartsFragment}
  `;

export type ResetPasswordMutation = { resetPassword: { accepted: boolean } };
export type ResetPasswordMutationVariables = { input: ResetPasswordInput };
export const ResetPasswordDocument: TypedDocumentNode<ResetPasswordMutation, ResetPasswordMutationVariables> =
  gql`
    mutation ResetPassword($input: ResetPasswordInput!) {
      resetPassword(input: $input) {
        accepted
      }
    }
  `;
