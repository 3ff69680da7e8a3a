// Generated from audit.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type { AuditFilter } from './inputs.js';

export type AuditEntryParts = {
  id: string;
  occurredAt: string;
  actorKind: 'PERSON' | 'CLIENT' | 'SYSTEM' | 'NOBODY';
  actorId: string | null;
  address: string | null;
  action: string;
  targetKind: string;
  targetId: string;
  reason: string;
  details: unknown;
};
export const AuditEntryPartsFragment = gql`
  fragment AuditEntryParts on AuditEntry {
    id
    occurredAt
    actorKind
    actorId
    address
    action
    targetKind
    targetId
    reason
    details
  }
`;

export type AuditLogQuery = {
  auditLog: {
    edges: readonly { node: AuditEntryParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type AuditLogQueryVariables = { first: number; after?: string | null; filter?: AuditFilter | null };
export const AuditLogDocument: TypedDocumentNode<AuditLogQuery, AuditLogQueryVariables> = gql`
  query AuditLog($first: Int!, $after: String, $filter: AuditFilter) {
    auditLog(first: $first, after: $after, filter: $filter) {
      edges {
        node {
          ...AuditEntryParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${AuditEntryPartsFragment}
`;
