// Generated from alerts.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type { MarkAlertReadInput, SetAlertPreferenceInput } from './inputs.js';

export type AlertParts = {
  id: string;
  kind:
    | 'CHARGING_STARTED'
    | 'FULLY_CHARGED'
    | 'CHARGING_INTERRUPTED'
    | 'INVOICE_READY'
    | 'INVOICE_CREDITED'
    | 'DISPUTE_DECIDED'
    | 'MONEY_LOW'
    | 'MONEY_USED_UP'
    | 'CARD_DECLINED'
    | 'CARD_CONFIRM'
    | 'INVOICE_OVERDUE'
    | 'INVOICE_SETTLED'
    | 'PAYMENT_TAKEN_BACK'
    | 'CONTRACT_DECIDED'
    | 'STATION_FAULT'
    | 'ANOMALY'
    | 'STATION_SECURITY'
    | 'FIRMWARE_FAILED'
    | 'CONNECTOR_STUCK'
    | 'UNAUTHORISED_ATTEMPT'
    | 'METER_DISPUTED'
    | 'BILL_QUESTIONED'
    | 'TRANSACTION_ORPHANED'
    | 'PRICES_MISSING'
    | 'DISPUTE_OPENED'
    | 'DEBT_COLLECTION'
    | 'CHARGEBACK'
    | 'REFUND_CONTRADICTED';
  severity: 'INFO' | 'WARNING' | 'CRITICAL';
  title: string;
  body: string;
  raisedAt: string;
  readAt: string | null;
  session: { id: string } | null;
  station: { id: string; name: string } | null;
};
export const AlertPartsFragment = gql`
  fragment AlertParts on Alert {
    id
    kind
    severity
    title
    body
    raisedAt
    readAt
    session {
      id
    }
    station {
      id
      name
    }
  }
`;

export type AlertInboxQuery = {
  alerts: {
    unreadCount: number;
    edges: readonly { node: AlertParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type AlertInboxQueryVariables = { first: number; after?: string | null; unreadOnly?: boolean | null };
export const AlertInboxDocument: TypedDocumentNode<AlertInboxQuery, AlertInboxQueryVariables> = gql`
  query AlertInbox($first: Int!, $after: String, $unreadOnly: Boolean) {
    alerts(first: $first, after: $after, unreadOnly: $unreadOnly) {
      unreadCount
      edges {
        node {
          ...AlertParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${AlertPartsFragment}
`;

export type AlertPageQuery = { alert: AlertParts | null };
export type AlertPageQueryVariables = { id: string };
export const AlertPageDocument: TypedDocumentNode<AlertPageQuery, AlertPageQueryVariables> = gql`
  query AlertPage($id: ID!) {
    alert(id: $id) {
      ...AlertParts
    }
  }
  ${AlertPartsFragment}
`;

export type UnreadAlertsQuery = { alerts: { unreadCount: number } };
export type UnreadAlertsQueryVariables = Record<string, never>;
export const UnreadAlertsDocument: TypedDocumentNode<UnreadAlertsQuery, UnreadAlertsQueryVariables> = gql`
  query UnreadAlerts {
    alerts(first: 1, unreadOnly: true) {
      unreadCount
    }
  }
`;

export type AlertRaisedSubscription = { alertRaised: AlertParts | null };
export type AlertRaisedSubscriptionVariables = Record<string, never>;
export const AlertRaisedDocument: TypedDocumentNode<
  AlertRaisedSubscription,
  AlertRaisedSubscriptionVariables
> = gql`
  subscription AlertRaised {
    alertRaised {
      ...AlertParts
    }
  }
  ${AlertPartsFragment}
`;

export type MarkAlertReadMutation = { markAlertRead: { alert: { id: string; readAt: string | null } } };
export type MarkAlertReadMutationVariables = { input: MarkAlertReadInput };
export const MarkAlertReadDocument: TypedDocumentNode<MarkAlertReadMutation, MarkAlertReadMutationVariables> =
  gql`
    mutation MarkAlertRead($input: MarkAlertReadInput!) {
      markAlertRead(input: $input) {
        alert {
          id
          readAt
        }
      }
    }
  `;

export type AlertPreferencesQuery = {
  alertPreferences: readonly {
    kind:
      | 'CHARGING_STARTED'
      | 'FULLY_CHARGED'
      | 'CHARGING_INTERRUPTED'
      | 'INVOICE_READY'
      | 'INVOICE_CREDITED'
      | 'DISPUTE_DECIDED'
      | 'MONEY_LOW'
      | 'MONEY_USED_UP'
      | 'CARD_DECLINED'
      | 'CARD_CONFIRM'
      | 'INVOICE_OVERDUE'
      | 'INVOICE_SETTLED'
      | 'PAYMENT_TAKEN_BACK'
      | 'CONTRACT_DECIDED'
      | 'STATION_FAULT'
      | 'ANOMALY'
      | 'STATION_SECURITY'
      | 'FIRMWARE_FAILED'
      | 'CONNECTOR_STUCK'
      | 'UNAUTHORISED_ATTEMPT'
      | 'METER_DISPUTED'
      | 'BILL_QUESTIONED'
      | 'TRANSACTION_ORPHANED'
      | 'PRICES_MISSING'
      | 'DISPUTE_OPENED'
      | 'DEBT_COLLECTION'
      | 'CHARGEBACK'
      | 'REFUND_CONTRADICTED';
    channel: 'IN_APP' | 'EMAIL';
    enabled: boolean;
  }[];
};
export type AlertPreferencesQueryVariables = Record<string, never>;
export const AlertPreferencesDocument: TypedDocumentNode<
  AlertPreferencesQuery,
  AlertPreferencesQueryVariables
> = gql`
  query AlertPreferences {
    alertPreferences {
      kind
      channel
      enabled
    }
  }
`;

export type SetAlertPreferenceMutation = {
  setAlertPreference: {
    preferences: readonly {
      kind:
        | 'CHARGING_STARTED'
        | 'FULLY_CHARGED'
        | 'CHARGING_INTERRUPTED'
        | 'INVOICE_READY'
        | 'INVOICE_CREDITED'
        | 'DISPUTE_DECIDED'
        | 'MONEY_LOW'
        | 'MONEY_USED_UP'
        | 'CARD_DECLINED'
        | 'CARD_CONFIRM'
        | 'INVOICE_OVERDUE'
        | 'INVOICE_SETTLED'
        | 'PAYMENT_TAKEN_BACK'
        | 'CONTRACT_DECIDED'
        | 'STATION_FAULT'
        | 'ANOMALY'
        | 'STATION_SECURITY'
        | 'FIRMWARE_FAILED'
        | 'CONNECTOR_STUCK'
        | 'UNAUTHORISED_ATTEMPT'
        | 'METER_DISPUTED'
        | 'BILL_QUESTIONED'
        | 'TRANSACTION_ORPHANED'
        | 'PRICES_MISSING'
        | 'DISPUTE_OPENED'
        | 'DEBT_COLLECTION'
        | 'CHARGEBACK'
        | 'REFUND_CONTRADICTED';
      channel: 'IN_APP' | 'EMAIL';
      enabled: boolean;
    }[];
  };
};
export type SetAlertPreferenceMutationVariables = { input: SetAlertPreferenceInput };
export const SetAlertPreferenceDocument: TypedDocumentNode<
  SetAlertPreferenceMutation,
  SetAlertPreferenceMutationVariables
> = gql`
  mutation SetAlertPreference($input: SetAlertPreferenceInput!) {
    setAlertPreference(input: $input) {
      preferences {
        kind
        channel
        enabled
      }
    }
  }
`;
