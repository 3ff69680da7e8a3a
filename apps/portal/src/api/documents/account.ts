// Generated from account.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type {
  AccountAddressInput,
  CompleteSignInInput,
  ConfirmEmailInput,
  ConfirmTotpInput,
  FinishPasskeySignInInput,
  FinishProviderSignInInput,
  RefreshSessionInput,
  RegisterInput,
  ResetPasswordInput,
  SignInInput,
  SignOutInput,
  StartProviderSignInInput,
  StartTotpInput,
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

export type SignedInParts = {
  __typename: 'SignedIn';
  accessToken: string;
  accessTokenExpiresAt: string;
  refreshToken: string;
  account: AccountParts;
};
export const SignedInPartsFragment = gql`
  fragment SignedInParts on SignedIn {
    __typename
    accessToken
    accessTokenExpiresAt
    refreshToken
    account {
      ...AccountParts
    }
  }
  ${AccountPartsFragment}
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

export type RegisterMutation = { register: { accepted: boolean } };
export type RegisterMutationVariables = { input: RegisterInput };
export const RegisterDocument: TypedDocumentNode<RegisterMutation, RegisterMutationVariables> = gql`
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
      accepted
    }
  }
`;

export type RequestEmailConfirmationMutation = { requestEmailConfirmation: { accepted: boolean } };
export type RequestEmailConfirmationMutationVariables = { input: AccountAddressInput };
export const RequestEmailConfirmationDocument: TypedDocumentNode<
  RequestEmailConfirmationMutation,
  RequestEmailConfirmationMutationVariables
> = gql`
  mutation RequestEmailConfirmation($input: AccountAddressInput!) {
    requestEmailConfirmation(input: $input) {
      accepted
    }
  }
`;

export type RequestPasswordResetMutation = { requestPasswordReset: { accepted: boolean } };
export type RequestPasswordResetMutationVariables = { input: AccountAddressInput };
export const RequestPasswordResetDocument: TypedDocumentNode<
  RequestPasswordResetMutation,
  RequestPasswordResetMutationVariables
> = gql`
  mutation RequestPasswordReset($input: AccountAddressInput!) {
    requestPasswordReset(input: $input) {
      accepted
    }
  }
`;

export type SignInProvidersQuery = { signInProviders: readonly { id: string; name: string }[] };
export type SignInProvidersQueryVariables = Record<string, never>;
export const SignInProvidersDocument: TypedDocumentNode<SignInProvidersQuery, SignInProvidersQueryVariables> =
  gql`
    query SignInProviders {
      signInProviders {
        id
        name
      }
    }
  `;

export type StartProviderSignInMutation = { startProviderSignIn: { url: string; flow: string } };
export type StartProviderSignInMutationVariables = { input: StartProviderSignInInput };
export const StartProviderSignInDocument: TypedDocumentNode<
  StartProviderSignInMutation,
  StartProviderSignInMutationVariables
> = gql`
  mutation StartProviderSignIn($input: StartProviderSignInInput!) {
    startProviderSignIn(input: $input) {
      url
      flow
    }
  }
`;

export type FinishProviderSignInMutation = {
  finishProviderSignIn:
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
export type FinishProviderSignInMutationVariables = { input: FinishProviderSignInInput };
export const FinishProviderSignInDocument: TypedDocumentNode<
  FinishProviderSignInMutation,
  FinishProviderSignInMutationVariables
> = gql`
  mutation FinishProviderSignIn($input: FinishProviderSignInInput!) {
    finishProviderSignIn(input: $input) {
      ...SignInParts
    }
  }
  ${SignInPartsFragment}
`;

export type StartPasskeySignInMutation = { startPasskeySignIn: { ticket: string; options: unknown } };
export type StartPasskeySignInMutationVariables = Record<string, never>;
export const StartPasskeySignInDocument: TypedDocumentNode<
  StartPasskeySignInMutation,
  StartPasskeySignInMutationVariables
> = gql`
  mutation StartPasskeySignIn {
    startPasskeySignIn {
      ticket
      options
    }
  }
`;

export type FinishPasskeySignInMutation = {
  finishPasskeySignIn:
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
export type FinishPasskeySignInMutationVariables = { input: FinishPasskeySignInInput };
export const FinishPasskeySignInDocument: TypedDocumentNode<
  FinishPasskeySignInMutation,
  FinishPasskeySignInMutationVariables
> = gql`
  mutation FinishPasskeySignIn($input: FinishPasskeySignInInput!) {
    finishPasskeySignIn(input: $input) {
      ...SignInParts
    }
  }
  ${SignInPartsFragment}
`;

export type StartTotpMutation = { startTotp: { secret: string; uri: string } };
export type StartTotpMutationVariables = { input: StartTotpInput };
export const StartTotpDocument: TypedDocumentNode<StartTotpMutation, StartTotpMutationVariables> = gql`
  mutation StartTotp($input: StartTotpInput!) {
    startTotp(input: $input) {
      secret
      uri
    }
  }
`;

export type ConfirmTotpMutation = {
  confirmTotp: { recoveryCodes: readonly string[]; signedIn: SignedInParts | null };
};
export type ConfirmTotpMutationVariables = { input: ConfirmTotpInput };
export const ConfirmTotpDocument: TypedDocumentNode<ConfirmTotpMutation, ConfirmTotpMutationVariables> = gql`
  mutation ConfirmTotp($input: ConfirmTotpInput!) {
    confirmTotp(input: $input) {
      recoveryCodes
      signedIn {
        ...SignedInParts
      }
    }
  }
  ${SignedInPartsFragment}
`;
