// Generated from invoices.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type CostLineParts, CostLinePartsFragment, type MoneyParts, MoneyPartsFragment } from './cost.js';

export type InvoicesQuery = {
  invoices: {
    totalCount: number;
    edges: readonly {
      node: {
        id: string;
        number: string;
        kind: 'INVOICE' | 'CREDIT_NOTE';
        credits: string | null;
        status: 'OPEN' | 'PAID' | 'CREDITED' | 'WRITTEN_OFF';
        issuedAt: string;
        overdue: boolean;
        totalInclVat: MoneyParts;
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type InvoicesQueryVariables = { first: number; after?: string | null; overdue?: boolean | null };
export const InvoicesDocument: TypedDocumentNode<InvoicesQuery, InvoicesQueryVariables> = gql`
  query Invoices($first: Int!, $after: String, $overdue: Boolean) {
    invoices(first: $first, after: $after, overdue: $overdue) {
      totalCount
      edges {
        node {
          id
          number
          kind
          credits
          status
          issuedAt
          overdue
          totalInclVat {
            ...MoneyParts
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${MoneyPartsFragment}
`;

export type WalletQuery = { wallet: { accountId: string; balance: MoneyParts } };
export type WalletQueryVariables = Record<string, never>;
export const WalletDocument: TypedDocumentNode<WalletQuery, WalletQueryVariables> = gql`
  query Wallet {
    wallet {
      accountId
      balance {
        ...MoneyParts
      }
    }
  }
  ${MoneyPartsFragment}
`;

export type InvoicePageQuery = {
  invoice: {
    id: string;
    number: string;
    kind: 'INVOICE' | 'CREDIT_NOTE';
    credits: string | null;
    notes: readonly string[];
    status: 'OPEN' | 'PAID' | 'CREDITED' | 'WRITTEN_OFF';
    issuedAt: string;
    paidAt: string | null;
    paymentMethod: string | null;
    payments:
      | readonly {
          id: string;
          state:
            | 'PENDING'
            | 'UNKNOWN'
            | 'REQUIRES_ACTION'
            | 'AUTHORISED'
            | 'CANCELLED'
            | 'EXPIRED'
            | 'DECLINED'
            | 'CAPTURED'
            | 'PARTLY_REFUNDED'
            | 'REFUNDED';
          createdAt: string;
          amount: MoneyParts;
          captured: MoneyParts;
          refunded: MoneyParts;
          card: { brand: string; last4: string } | null;
        }[]
      | null;
    seller: { name: string; address: string; vatId: string | null };
    account: { id: string; displayName: string; email: string } | null;
    totalExclVat: MoneyParts;
    totalVat: MoneyParts;
    totalInclVat: MoneyParts;
    vat: readonly { percent: string; base: MoneyParts; vat: MoneyParts }[];
    taxes: readonly { name: string; percent: string; base: MoneyParts; amount: MoneyParts }[];
    month: string | null;
    dueAt: string | null;
    overdue: boolean;
    transferPaid: MoneyParts;
    dunning: {
      id: string;
      state: 'ACTIVE' | 'PAUSED' | 'COLLECTION' | 'WRITTEN_OFF' | 'SETTLED';
      letter: 'REMINDER' | 'FIRST_NOTICE' | 'SECOND_NOTICE' | null;
      blocks: boolean;
      chargesOpen: MoneyParts;
    } | null;
    owedInclVat: MoneyParts;
    creditedInclVat: MoneyParts;
    sessions: {
      edges: readonly {
        node: {
          startedAt: string;
          endedAt: string;
          energyWh: number;
          place: string;
          totalExclVat: MoneyParts;
          totalInclVat: MoneyParts;
          session: { id: string };
        };
      }[];
      pageInfo: { hasNextPage: boolean };
    };
    lines: readonly CostLineParts[];
    session: {
      id: string;
      startedAt: string;
      endedAt: string | null;
      energyWh: number | null;
      evseNumber: number;
      station: { id: string; name: string };
      location: { id: string; name: string; address: string; city: string };
    } | null;
  } | null;
};
export type InvoicePageQueryVariables = { id: string };
export const InvoicePageDocument: TypedDocumentNode<InvoicePageQuery, InvoicePageQueryVariables> = gql`
  query InvoicePage($id: ID!) {
    invoice(id: $id) {
      id
      number
      kind
      credits
      notes
      status
      issuedAt
      paidAt
      paymentMethod
      payments {
        id
        state
        createdAt
        amount {
          ...MoneyParts
        }
        captured {
          ...MoneyParts
        }
        refunded {
          ...MoneyParts
        }
        card {
          brand
          last4
        }
      }
      seller {
        name
        address
        vatId
      }
      account {
        id
        displayName
        email
      }
      totalExclVat {
        ...MoneyParts
      }
      totalVat {
        ...MoneyParts
      }
      totalInclVat {
        ...MoneyParts
      }
      vat {
        percent
        base {
          ...MoneyParts
        }
        vat {
          ...MoneyParts
        }
      }
      taxes {
        name
        percent
        base {
          ...MoneyParts
        }
        amount {
          ...MoneyParts
        }
      }
      month
      dueAt
      overdue
      transferPaid {
        ...MoneyParts
      }
      dunning {
        id
        state
        letter
        blocks
        chargesOpen {
          ...MoneyParts
        }
      }
      owedInclVat {
        ...MoneyParts
      }
      creditedInclVat {
        ...MoneyParts
      }
      sessions(first: 100) {
        edges {
          node {
            startedAt
            endedAt
            energyWh
            place
            totalExclVat {
              ...MoneyParts
            }
            totalInclVat {
              ...MoneyParts
            }
            session {
              id
            }
          }
        }
        pageInfo {
          hasNextPage
        }
      }
      lines {
        ...CostLineParts
      }
      session {
        id
        startedAt
        endedAt
        energyWh
        evseNumber
        station {
          id
          name
        }
        location {
          id
          name
          address
          city
        }
      }
    }
  }
  ${CostLinePartsFragment}
  ${MoneyPartsFragment}
`;

export type InvoicePdfQuery = {
  invoice: { id: string; pdf: { name: string; mediaType: string; content: string } } | null;
};
export type InvoicePdfQueryVariables = { id: string; locale: string };
export const InvoicePdfDocument: TypedDocumentNode<InvoicePdfQuery, InvoicePdfQueryVariables> = gql`
  query InvoicePdf($id: ID!, $locale: String!) {
    invoice(id: $id) {
      id
      pdf(locale: $locale) {
        name
        mediaType
        content
      }
    }
  }
`;

export type InvoiceUblQuery = {
  invoice: { id: string; ubl: { name: string; mediaType: string; content: string } } | null;
};
export type InvoiceUblQueryVariables = { id: string };
export const InvoiceUblDocument: TypedDocumentNode<InvoiceUblQuery, InvoiceUblQueryVariables> = gql`
  query InvoiceUbl($id: ID!) {
    invoice(id: $id) {
      id
      ubl {
        name
        mediaType
        content
      }
    }
  }
`;
