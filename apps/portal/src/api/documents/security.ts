// Generated from security.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type {
  ChangePasswordInput,
  EndSignInSessionInput,
  FinishPasskeyInput,
  ProofInput,
  RemovePasskeyInput,
  RenamePasskeyInput,
  StartPasskeyInput,
} from './inputs.js';

export type MySecurityQuery = {
  mySecurity: {
    emailConfirmed: boolean;
    totpSince: string | null;
    recoveryCodesLeft: number;
    secondFactorWanted: boolean;
  };
};
export type MySecurityQueryVariables = Record<string, never>;
export const MySecurityDocument: TypedDocumentNode<MySecurityQuery, MySecurityQueryVariables> = gql`
  query MySecurity {
    mySecurity {
      emailConfirmed
      totpSince
      recoveryCodesLeft
      secondFactorWanted
    }
  }
`;

export type ChangePasswordMutation = { changePassword: { ended: number } };
export type ChangePasswordMutationVariables = { input: ChangePasswordInput };
export const ChangePasswordDocument: TypedDocumentNode<
  ChangePasswordMutation,
  ChangePasswordMutationVariables
> = gql`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      ended
    }
  }
`;

export type DisableTotpMutation = { disableTotp: { accepted: boolean } };
export type DisableTotpMutationVariables = { input: ProofInput };
export const DisableTotpDocument: TypedDocumentNode<DisableTotpMutation, DisableTotpMutationVariables> = gql`
  mutation DisableTotp($input: ProofInput!) {
    disableTotp(input: $input) {
      accepted
    }
  }
`;

export type RenewRecoveryCodesMutation = { renewRecoveryCodes: { recoveryCodes: readonly string[] } };
export type RenewRecoveryCodesMutationVariables = { input: ProofInput };
export const RenewRecoveryCodesDocument: TypedDocumentNode<
  RenewRecoveryCodesMutation,
  RenewRecoveryCodesMutationVariables
> = gql`
  mutation RenewRecoveryCodes($input: ProofInput!) {
    renewRecoveryCodes(input: $input) {
      recoveryCodes
    }
  }
`;

export type PasskeyParts = {
  id: string;
  name: string;
  backedUp: boolean;
  createdAt: string;
  lastUsedAt: string | null;
};
export const PasskeyPartsFragment = gql`
  fragment PasskeyParts on Passkey {
    id
    name
    backedUp
    createdAt
    lastUsedAt
  }
`;

export type MyPasskeysQuery = { myPasskeys: readonly PasskeyParts[] };
export type MyPasskeysQueryVariables = Record<string, never>;
export const MyPasskeysDocument: TypedDocumentNode<MyPasskeysQuery, MyPasskeysQueryVariables> = gql`
  query MyPasskeys {
    myPasskeys {
      ...PasskeyParts
    }
  }
  ${PasskeyPartsFragment}
`;

export type StartPasskeyMutation = { startPasskey: { ticket: string; options: unknown } };
export type StartPasskeyMutationVariables = { input: StartPasskeyInput };
export const StartPasskeyDocument: TypedDocumentNode<StartPasskeyMutation, StartPasskeyMutationVariables> =
  gql`
    mutation StartPasskey($input: StartPasskeyInput!) {
      startPasskey(input: $input) {
        ticket
        options
      }
    }
  `;

export type FinishPasskeyMutation = { finishPasskey: { passkey: PasskeyParts } };
export type FinishPasskeyMutationVariables = { input: FinishPasskeyInput };
export const FinishPasskeyDocument: TypedDocumentNode<FinishPasskeyMutation, FinishPasskeyMutationVariables> =
  gql`
    mutation FinishPasskey($input: FinishPasskeyInput!) {
      finishPasskey(input: $input) {
        passkey {
          ...PasskeyParts
        }
      }
    }
    ${PasskeyPartsFragment}
  `;

export type RenamePasskeyMutation = { renamePasskey: { passkey: PasskeyParts } };
export type RenamePasskeyMutationVariables = { input: RenamePasskeyInput };
export const RenamePasskeyDocument: TypedDocumentNode<RenamePasskeyMutation, RenamePasskeyMutationVariables> =
  gql`
    mutation RenamePasskey($input: RenamePasskeyInput!) {
      renamePasskey(input: $input) {
        passkey {
          ...PasskeyParts
        }
      }
    }
    ${PasskeyPartsFragment}
  `;

export type RemovePasskeyMutation = { removePasskey: { accepted: boolean } };
export type RemovePasskeyMutationVariables = { input: RemovePasskeyInput };
export const RemovePasskeyDocument: TypedDocumentNode<RemovePasskeyMutation, RemovePasskeyMutationVariables> =
  gql`
    mutation RemovePasskey($input: RemovePasskeyInput!) {
      removePasskey(input: $input) {
        accepted
      }
    }
  `;

export type SignInSessionParts = {
  id: string;
  method: 'PASSWORD' | 'PASSWORD_AND_CODE' | 'PASSKEY' | 'PROVIDER';
  device: string;
  address: string | null;
  startedAt: string;
  lastUsedAt: string;
  expiresAt: string;
  current: boolean;
};
export const SignInSessionPartsFragment = gql`
  fragment SignInSessionParts on SignInSession {
    id
    method
    device
    address
    startedAt
    lastUsedAt
    expiresAt
    current
  }
`;

export type SignInSessionsQuery = {
  signInSessions: {
    edges: readonly { node: SignInSessionParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type SignInSessionsQueryVariables = { first: number; after?: string | null };
export const SignInSessionsDocument: TypedDocumentNode<SignInSessionsQuery, SignInSessionsQueryVariables> =
  gql`
    query SignInSessions($first: Int!, $after: String) {
      signInSessions(first: $first, after: $after) {
        edges {
          node {
            ...SignInSessionParts
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
    ${SignInSessionPartsFragment}
  `;

export type EndSignInSessionMutation = { endSignInSession: { ended: number } };
export type EndSignInSessionMutationVariables = { input: EndSignInSessionInput };
export const EndSignInSessionDocument: TypedDocumentNode<
  EndSignInSessionMutation,
  EndSignInSessionMutationVariables
> = gql`
  mutation EndSignInSession($input: EndSignInSessionInput!) {
    endSignInSession(input: $input) {
      ended
    }
  }
`;

export type EndOtherSignInSessionsMutation = { endOtherSignInSessions: { ended: number } };
export type EndOtherSignInSessionsMutationVariables = Record<string, never>;
export const EndOtherSignInSessionsDocument: TypedDocumentNode<
  EndOtherSignInSessionsMutation,
  EndOtherSignInSessionsMutationVariables
> = gql`
  mutation EndOtherSignInSessions {
    endOtherSignInSessions {
      ended
    }
  }
`;
