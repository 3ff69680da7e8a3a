// Generated from start.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type { CreateQuoteInput, StartSessionInput } from './inputs.js';

export type LocationsQuery = {
  locations: {
    totalCount: number;
    edges: readonly {
      node: {
        id: string;
        name: string;
        address: string;
        postalCode: string;
        city: string;
        stations: readonly {
          id: string;
          online: boolean;
          evses: readonly {
            id: string;
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
          }[];
        }[];
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type LocationsQueryVariables = { first: number; after?: string | null };
export const LocationsDocument: TypedDocumentNode<LocationsQuery, LocationsQueryVariables> = gql`
  query Locations($first: Int!, $after: String) {
    locations(first: $first, after: $after) {
      totalCount
      edges {
        node {
          id
          name
          address
          postalCode
          city
          stations {
            id
            online
            evses {
              id
              status
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
`;

export type StartLocationQuery = {
  location: {
    id: string;
    name: string;
    address: string;
    postalCode: string;
    city: string;
    stations: readonly {
      id: string;
      identity: string;
      name: string;
      online: boolean;
      ratingSummary: { average: number; count: number } | null;
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
          standard: string;
          powerType: string;
          maxCurrentA: number;
          maxVoltageV: number;
        }[];
      }[];
    }[];
  } | null;
};
export type StartLocationQueryVariables = { id: string };
export const StartLocationDocument: TypedDocumentNode<StartLocationQuery, StartLocationQueryVariables> = gql`
  query StartLocation($id: ID!) {
    location(id: $id) {
      id
      name
      address
      postalCode
      city
      stations {
        id
        identity
        name
        online
        ratingSummary {
          average
          count
        }
        evses {
          id
          number
          status
          connectors {
            id
            number
            status
            standard
            powerType
            maxCurrentA
            maxVoltageV
          }
        }
      }
    }
  }
`;

export type CreateQuoteMutation = {
  createQuote: {
    quote: {
      id: string;
      tariffName: string;
      summary: readonly string[];
      validUntil: string | null;
      schedule: readonly { from: string; to: string; energyPricePerKwh: string; currency: string }[];
    };
  };
};
export type CreateQuoteMutationVariables = { input: CreateQuoteInput };
export const CreateQuoteDocument: TypedDocumentNode<CreateQuoteMutation, CreateQuoteMutationVariables> = gql`
  mutation CreateQuote($input: CreateQuoteInput!) {
    createQuote(input: $input) {
      quote {
        id
        tariffName
        summary
        validUntil
        schedule {
          from
          to
          energyPricePerKwh
          currency
        }
      }
    }
  }
`;

export type StartSessionMutation = {
  startSession:
    | {
        __typename: 'SessionRequested';
        requestId: string;
        station: { id: string; name: string };
        connector: { id: string };
      }
    | { __typename: 'StartRefused'; reason: string; message: string };
};
export type StartSessionMutationVariables = { input: StartSessionInput };
export const StartSessionDocument: TypedDocumentNode<StartSessionMutation, StartSessionMutationVariables> =
  gql`
    mutation StartSession($input: StartSessionInput!) {
      startSession(input: $input) {
        __typename
        ... on SessionRequested {
          requestId
          station {
            id
            name
          }
          connector {
            id
          }
        }
        ... on StartRefused {
          reason
          message
        }
      }
    }
  `;

export type AwaitedSessionQuery = {
  sessions: { edges: readonly { node: { id: string; connector: { id: string } | null } }[] };
};
export type AwaitedSessionQueryVariables = Record<string, never>;
export const AwaitedSessionDocument: TypedDocumentNode<AwaitedSessionQuery, AwaitedSessionQueryVariables> =
  gql`
    query AwaitedSession {
      sessions(first: 5, filter: { state: ACTIVE }) {
        edges {
          node {
            id
            connector {
              id
            }
          }
        }
      }
    }
  `;
