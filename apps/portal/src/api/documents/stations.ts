// Generated from stations.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import { type SessionRow, SessionRowFragment } from './session-rows.js';
import type {
  ChangeAvailabilityInput,
  ResetStationInput,
  StationFilter,
  UnlockConnectorInput,
} from './inputs.js';

export type StationHead = {
  id: string;
  identity: string;
  name: string;
  online: boolean;
  lastSeenAt: string | null;
  location: { id: string; name: string; city: string };
};
export const StationHeadFragment = gql`
  fragment StationHead on Station {
    id
    identity
    name
    online
    lastSeenAt
    location {
      id
      name
      city
    }
  }
`;

export type StationRow = {
  id: string;
  identity: string;
  name: string;
  online: boolean;
  lastSeenAt: string | null;
  location: { id: string; name: string; city: string };
  evses: readonly {
    id: string;
    number: number;
    status:
      | 'AVAILABLE'
      | 'PREPARING'
      | 'CHARGING'
      | 'SUSPENDED_EV'
      | 'SUSPENDED_EVSE'
      | 'FINISHING'
      | 'RESERVED'
      | 'UNAVAILABLE'
      | 'FAULTED'
      | 'UNKNOWN';
    connectors: readonly {
      id: string;
      number: number;
      status:
        | 'AVAILABLE'
        | 'PREPARING'
        | 'CHARGING'
        | 'SUSPENDED_EV'
        | 'SUSPENDED_EVSE'
        | 'FINISHING'
        | 'RESERVED'
        | 'UNAVAILABLE'
        | 'FAULTED'
        | 'UNKNOWN';
      errorCode: string | null;
      info: string | null;
    }[];
  }[];
};
export const StationRowFragment = gql`
  fragment StationRow on Station {
    id
    identity
    name
    online
    lastSeenAt
    location {
      id
      name
      city
    }
    evses {
      id
      number
      status
      connectors {
        id
        number
        status
        errorCode
        info
      }
    }
  }
`;

export type StationsQuery = {
  stations: {
    totalCount: number;
    edges: readonly { node: StationRow }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type StationsQueryVariables = { first: number; after?: string | null; filter?: StationFilter | null };
export const StationsDocument: TypedDocumentNode<StationsQuery, StationsQueryVariables> = gql`
  query Stations($first: Int!, $after: String, $filter: StationFilter) {
    stations(first: $first, after: $after, filter: $filter) {
      totalCount
      edges {
        node {
          ...StationRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${StationRowFragment}
`;

export type StationRowUpdatedSubscription = { stationUpdated: StationRow | null };
export type StationRowUpdatedSubscriptionVariables = { id: string };
export const StationRowUpdatedDocument: TypedDocumentNode<
  StationRowUpdatedSubscription,
  StationRowUpdatedSubscriptionVariables
> = gql`
  subscription StationRowUpdated($id: ID!) {
    stationUpdated(id: $id) {
      ...StationRow
    }
  }
  ${StationRowFragment}
`;

export type StationParts = {
  id: string;
  identity: string;
  name: string;
  online: boolean;
  protocol: string | null;
  vendor: string | null;
  model: string | null;
  serialNumber: string | null;
  firmwareVersion: string | null;
  lastBootAt: string | null;
  lastSeenAt: string | null;
  location: { id: string; name: string; address: string; city: string; timeZone: string };
  evses: readonly {
    id: string;
    number: number;
    status:
      | 'AVAILABLE'
      | 'PREPARING'
      | 'CHARGING'
      | 'SUSPENDED_EV'
      | 'SUSPENDED_EVSE'
      | 'FINISHING'
      | 'RESERVED'
      | 'UNAVAILABLE'
      | 'FAULTED'
      | 'UNKNOWN';
    connectors: readonly {
      id: string;
      number: number;
      status:
        | 'AVAILABLE'
        | 'PREPARING'
        | 'CHARGING'
        | 'SUSPENDED_EV'
        | 'SUSPENDED_EVSE'
        | 'FINISHING'
        | 'RESERVED'
        | 'UNAVAILABLE'
        | 'FAULTED'
        | 'UNKNOWN';
      errorCode: string | null;
      vendorErrorCode: string | null;
      info: string | null;
      statusSince: string | null;
      standard: string;
      powerType: string;
      maxCurrentA: number;
      maxVoltageV: number;
    }[];
  }[];
  activeSessions: readonly SessionRow[];
  openAnomalies:
    | readonly {
        id: string;
        kind: 'ZERO_ENERGY' | 'POWER_DROP' | 'INTERRUPTION' | 'NO_READINGS';
        onset: string;
        explanation: string;
        session: { id: string } | null;
      }[]
    | null;
  ratingSummary: { average: number; count: number } | null;
};
export const StationPartsFragment = gql`
  fragment StationParts on Station {
    id
    identity
    name
    online
    protocol
    vendor
    model
    serialNumber
    firmwareVersion
    lastBootAt
    lastSeenAt
    location {
      id
      name
      address
      city
      timeZone
    }
    evses {
      id
      number
      status
      connectors {
        id
        number
        status
        errorCode
        vendorErrorCode
        info
        statusSince
        standard
        powerType
        maxCurrentA
        maxVoltageV
      }
    }
    activeSessions {
      ...SessionRow
    }
    openAnomalies {
      id
      kind
      onset
      explanation
      session {
        id
      }
    }
    ratingSummary {
      average
      count
    }
  }
  ${SessionRowFragment}
`;

export type StationPageQuery = { station: StationParts | null };
export type StationPageQueryVariables = { id: string };
export const StationPageDocument: TypedDocumentNode<StationPageQuery, StationPageQueryVariables> = gql`
  query StationPage($id: ID!) {
    station(id: $id) {
      ...StationParts
    }
  }
  ${StationPartsFragment}
`;

export type StationUpdatedSubscription = { stationUpdated: StationParts | null };
export type StationUpdatedSubscriptionVariables = { id: string };
export const StationUpdatedDocument: TypedDocumentNode<
  StationUpdatedSubscription,
  StationUpdatedSubscriptionVariables
> = gql`
  subscription StationUpdated($id: ID!) {
    stationUpdated(id: $id) {
      ...StationParts
    }
  }
  ${StationPartsFragment}
`;

export type CommandParts = {
  commandId: string;
  outcome: 'ACCEPTED' | 'REJECTED' | 'CHARGER_ERROR' | 'OFFLINE' | 'UNKNOWN';
  status: string | null;
  errorCode: string | null;
  errorDescription: string | null;
};
export const CommandPartsFragment = gql`
  fragment CommandParts on CommandResult {
    commandId
    outcome
    status
    errorCode
    errorDescription
  }
`;

export type ResetStationMutation = { resetStation: CommandParts };
export type ResetStationMutationVariables = { input: ResetStationInput };
export const ResetStationDocument: TypedDocumentNode<ResetStationMutation, ResetStationMutationVariables> =
  gql`
    mutation ResetStation($input: ResetStationInput!) {
      resetStation(input: $input) {
        ...CommandParts
      }
    }
    ${CommandPartsFragment}
  `;

export type ChangeAvailabilityMutation = { changeAvailability: CommandParts };
export type ChangeAvailabilityMutationVariables = { input: ChangeAvailabilityInput };
export const ChangeAvailabilityDocument: TypedDocumentNode<
  ChangeAvailabilityMutation,
  ChangeAvailabilityMutationVariables
> = gql`
  mutation ChangeAvailability($input: ChangeAvailabilityInput!) {
    changeAvailability(input: $input) {
      ...CommandParts
    }
  }
  ${CommandPartsFragment}
`;

export type UnlockConnectorMutation = { unlockConnector: CommandParts };
export type UnlockConnectorMutationVariables = { input: UnlockConnectorInput };
export const UnlockConnectorDocument: TypedDocumentNode<
  UnlockConnectorMutation,
  UnlockConnectorMutationVariables
> = gql`
  mutation UnlockConnector($input: UnlockConnectorInput!) {
    unlockConnector(input: $input) {
      ...CommandParts
    }
  }
  ${CommandPartsFragment}
`;

export type LocationNamesQuery = {
  locations: {
    edges: readonly { node: { id: string; name: string; city: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type LocationNamesQueryVariables = { first: number; after?: string | null };
export const LocationNamesDocument: TypedDocumentNode<LocationNamesQuery, LocationNamesQueryVariables> = gql`
  query LocationNames($first: Int!, $after: String) {
    locations(first: $first, after: $after) {
      edges {
        node {
          id
          name
          city
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
