// Generated from dunning.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type MoneyParts, MoneyPartsFragment } from './cost.js';
import type {
  DunningActInput,
  PauseDunningInput,
  RecordTransferInput,
  SetDunningSettingsInput,
} from './inputs.js';

export type CaseParts = {
  id: string;
  state: 'ACTIVE' | 'PAUSED' | 'COLLECTION' | 'WRITTEN_OFF' | 'SETTLED';
  level: number;
  letter: 'REMINDER' | 'FIRST_NOTICE' | 'SECOND_NOTICE' | null;
  blocks: boolean;
  invoiceNumber: string;
  openedAt: string;
  pausedUntil: string | null;
  chargesOpen: MoneyParts;
  next: {
    letter: 'REMINDER' | 'FIRST_NOTICE' | 'SECOND_NOTICE' | null;
    end: 'COLLECTION' | 'WRITE_OFF' | 'NONE' | null;
    on: string;
  } | null;
  account: { id: string; displayName: string; email: string };
  invoice: {
    id: string;
    status: 'OPEN' | 'PAID' | 'CREDITED' | 'WRITTEN_OFF';
    owedInclVat: MoneyParts;
    writtenOff: MoneyParts;
  };
};
export const CasePartsFragment = gql`
  fragment CaseParts on DunningCase {
    id
    state
    level
    letter
    blocks
    invoiceNumber
    openedAt
    pausedUntil
    chargesOpen {
      ...MoneyParts
    }
    next {
      letter
      end
      on
    }
    account {
      id
      displayName
      email
    }
    invoice {
      id
      status
      owedInclVat {
        ...MoneyParts
      }
      writtenOff {
        ...MoneyParts
      }
    }
  }
  ${MoneyPartsFragment}
`;

export type DunningCasesQuery = {
  dunningCases: {
    totalCount: number;
    edges: readonly { node: CaseParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type DunningCasesQueryVariables = {
  first: number;
  after?: string | null;
  state?: 'ACTIVE' | 'PAUSED' | 'COLLECTION' | 'WRITTEN_OFF' | 'SETTLED' | null;
  level?: number | null;
};
export const DunningCasesDocument: TypedDocumentNode<DunningCasesQuery, DunningCasesQueryVariables> = gql`
  query DunningCases($first: Int!, $after: String, $state: DunningState, $level: Int) {
    dunningCases(first: $first, after: $after, state: $state, level: $level) {
      totalCount
      edges {
        node {
          ...CaseParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${CasePartsFragment}
`;

export type DunningCasePageQuery = {
  dunningCase:
    | (CaseParts & {
        fees: MoneyParts;
        interest: MoneyParts;
        history: readonly {
          at: string;
          change:
            | 'OPENED'
            | 'LETTER'
            | 'PAUSED'
            | 'RESUMED'
            | 'COLLECTION'
            | 'WRITTEN_OFF'
            | 'SETTLED'
            | 'PAYMENT'
            | 'RECOVERY'
            | 'CHARGES_PAID'
            | 'CHARGES_WAIVED'
            | 'REOPENED';
          level: number;
          reason: string;
          owed: MoneyParts;
          fee: MoneyParts;
          interest: MoneyParts;
          amount: MoneyParts;
          by: { id: string; displayName: string } | null;
        }[];
      })
    | null;
};
export type DunningCasePageQueryVariables = { id: string };
export const DunningCasePageDocument: TypedDocumentNode<DunningCasePageQuery, DunningCasePageQueryVariables> =
  gql`
    query DunningCasePage($id: ID!) {
      dunningCase(id: $id) {
        ...CaseParts
        fees {
          ...MoneyParts
        }
        interest {
          ...MoneyParts
        }
        history {
          at
          change
          level
          reason
          owed {
            ...MoneyParts
          }
          fee {
            ...MoneyParts
          }
          interest {
            ...MoneyParts
          }
          amount {
            ...MoneyParts
          }
          by {
            id
            displayName
          }
        }
      }
    }
    ${CasePartsFragment}
    ${MoneyPartsFragment}
  `;

export type DunningSettingsQuery = {
  dunningSettings: {
    enabled: boolean;
    currency: string;
    end: 'COLLECTION' | 'WRITE_OFF' | 'NONE';
    endDays: number;
    interestPercent: string;
    smallest: { amount: string };
    timeZone: string;
    instructions: string;
    updatedAt: string | null;
    levels: readonly {
      letter: 'REMINDER' | 'FIRST_NOTICE' | 'SECOND_NOTICE';
      days: number;
      blocks: boolean;
      fee: { amount: string };
    }[];
    changes: readonly { changedAt: string; reason: string }[];
  };
};
export type DunningSettingsQueryVariables = Record<string, never>;
export const DunningSettingsDocument: TypedDocumentNode<DunningSettingsQuery, DunningSettingsQueryVariables> =
  gql`
    query DunningSettings {
      dunningSettings {
        enabled
        currency
        end
        endDays
        interestPercent
        smallest {
          amount
        }
        timeZone
        instructions
        updatedAt
        levels {
          letter
          days
          blocks
          fee {
            amount
          }
        }
        changes {
          changedAt
          reason
        }
      }
    }
  `;

export type AccountDebtQuery = {
  accountDebt: {
    accountId: string;
    open: MoneyParts;
    overdue: MoneyParts;
    charges: MoneyParts;
    total: MoneyParts;
    blocked: boolean;
    instructions: string;
  };
};
export type AccountDebtQueryVariables = Record<string, never>;
export const AccountDebtDocument: TypedDocumentNode<AccountDebtQuery, AccountDebtQueryVariables> = gql`
  query AccountDebt {
    accountDebt {
      accountId
      open {
        ...MoneyParts
      }
      overdue {
        ...MoneyParts
      }
      charges {
        ...MoneyParts
      }
      total {
        ...MoneyParts
      }
      blocked
      instructions
    }
  }
  ${MoneyPartsFragment}
`;

export type SetDunningSettingsMutation = { setDunningSettings: { settings: { updatedAt: string | null } } };
export type SetDunningSettingsMutationVariables = { input: SetDunningSettingsInput };
export const SetDunningSettingsDocument: TypedDocumentNode<
  SetDunningSettingsMutation,
  SetDunningSettingsMutationVariables
> = gql`
  mutation SetDunningSettings($input: SetDunningSettingsInput!) {
    setDunningSettings(input: $input) {
      settings {
        updatedAt
      }
    }
  }
`;

export type PauseDunningMutation = {
  pauseDunning: {
    case: { id: string; state: 'ACTIVE' | 'PAUSED' | 'COLLECTION' | 'WRITTEN_OFF' | 'SETTLED' };
  };
};
export type PauseDunningMutationVariables = { input: PauseDunningInput };
export const PauseDunningDocument: TypedDocumentNode<PauseDunningMutation, PauseDunningMutationVariables> =
  gql`
    mutation PauseDunning($input: PauseDunningInput!) {
      pauseDunning(input: $input) {
        case {
          id
          state
        }
      }
    }
  `;

export type ResumeDunningMutation = {
  resumeDunning: {
    case: { id: string; state: 'ACTIVE' | 'PAUSED' | 'COLLECTION' | 'WRITTEN_OFF' | 'SETTLED' };
  };
};
export type ResumeDunningMutationVariables = { input: DunningActInput };
export const ResumeDunningDocument: TypedDocumentNode<ResumeDunningMutation, ResumeDunningMutationVariables> =
  gql`
    mutation ResumeDunning($input: DunningActInput!) {
      resumeDunning(input: $input) {
        case {
          id
          state
        }
      }
    }
  `;

export type RaiseDunningMutation = {
  raiseDunning: {
    case: { id: string; state: 'ACTIVE' | 'PAUSED' | 'COLLECTION' | 'WRITTEN_OFF' | 'SETTLED' };
  };
};
export type RaiseDunningMutationVariables = { input: DunningActInput };
export const RaiseDunningDocument: TypedDocumentNode<RaiseDunningMutation, RaiseDunningMutationVariables> =
  gql`
    mutation RaiseDunning($input: DunningActInput!) {
      raiseDunning(input: $input) {
        case {
          id
          state
        }
      }
    }
  `;

export type WriteOffInvoiceMutation = {
  writeOffInvoice: {
    case: { id: string; state: 'ACTIVE' | 'PAUSED' | 'COLLECTION' | 'WRITTEN_OFF' | 'SETTLED' };
  };
};
export type WriteOffInvoiceMutationVariables = { input: DunningActInput };
export const WriteOffInvoiceDocument: TypedDocumentNode<
  WriteOffInvoiceMutation,
  WriteOffInvoiceMutationVariables
> = gql`
  mutation WriteOffInvoice($input: DunningActInput!) {
    writeOffInvoice(input: $input) {
      case {
        id
        state
      }
    }
  }
`;

export type WaiveDunningChargesMutation = {
  waiveDunningCharges: {
    case: { id: string; state: 'ACTIVE' | 'PAUSED' | 'COLLECTION' | 'WRITTEN_OFF' | 'SETTLED' };
  };
};
export type WaiveDunningChargesMutationVariables = { input: DunningActInput };
export const WaiveDunningChargesDocument: TypedDocumentNode<
  WaiveDunningChargesMutation,
  WaiveDunningChargesMutationVariables
> = gql`
  mutation WaiveDunningCharges($input: DunningActInput!) {
    waiveDunningCharges(input: $input) {
      case {
        id
        state
      }
    }
  }
`;

export type RecordInvoiceTransferMutation = {
  recordTransfer: { invoice: { id: string; status: 'OPEN' | 'PAID' | 'CREDITED' | 'WRITTEN_OFF' } };
};
export type RecordInvoiceTransferMutationVariables = { input: RecordTransferInput };
export const RecordInvoiceTransferDocument: TypedDocumentNode<
  RecordInvoiceTransferMutation,
  RecordInvoiceTransferMutationVariables
> = gql`
  mutation RecordInvoiceTransfer($input: RecordTransferInput!) {
    recordTransfer(input: $input) {
      invoice {
        id
        status
      }
    }
  }
`;
