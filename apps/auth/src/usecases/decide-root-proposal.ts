import { Inject, Injectable } from '@nestjs/common';
import { conflict, invalid, notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { certificatePem } from '@kilowatch/trust';
import {
  findProposal,
  listProposals,
  saveProposalState,
  type ProposalState,
  type RootProposal,
} from '../persistence/root-proposal.repository.js';
import { actorOf, AuditLog } from './audit-log.js';
import { ImportTrust, type TrustPurpose } from './import-trust.js';

export type { ProposalState, RootProposal };

export interface ProposalDecision {
  /** SHA-256 of the certificate, hex. */
  readonly proposalId: string;
  readonly decision: 'APPROVED' | 'REJECTED';
  readonly reason: string;
}

/** What a root of a pool vouches for when it is approved: contracts are issued below V2G roots, too (P1). */
const PURPOSES: Readonly<Record<string, TrustPurpose>> = { MO: 'CONTRACT', V2G: 'CONTRACT', OEM: 'OEM' };

/** A person says whether a root that the contract pool told of is trusted (C4). */
@Injectable()
export class DecideRootProposal {
  constructor(
    private readonly database: Database,
    private readonly trust: ImportTrust,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
    state: ProposalState | undefined,
  ): Promise<RootProposal[]> {
    return this.database.read(tenantScope(tenant), (tx) => listProposals(tx, tenant, page, state));
  }

  /** Approving imports it first: should that fail, the proposal is as it was, and approving again changes nothing twice. */
  async run(
    principal: Principal,
    { proposalId, decision, reason }: ProposalDecision,
    address: string | undefined,
  ): Promise<RootProposal> {
    const { tenant, accountId } = principal;
    if (reason.trim() === '') throw invalid('AUTH_REASON', 'Say why: the reason is kept.');
    const proposal = await this.database.read(tenantScope(tenant), (tx) =>
      findProposal(tx, tenant, proposalId),
    );
    if (!proposal) throw notFound('AUTH_ROOT_PROPOSAL', 'There is no such proposal.');
    if (proposal.state === 'APPROVED' && decision === 'REJECTED')
      throw conflict('AUTH_ROOT_APPROVED', 'It is trusted already: remove the anchor (removeTrustAnchor).');
    if (decision === 'APPROVED') await this.approve(principal, proposal, reason, address);
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const decided = {
        ...proposal,
        state: decision,
        decidedBy: accountId,
        decidedAt: this.clock.now(),
      };
      await saveProposalState(tx, decided);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: decision === 'APPROVED' ? 'root_proposal.approved' : 'root_proposal.rejected',
        target: { kind: 'root_proposal', id: proposalId },
        reason,
        details: { subject: proposal.subject, purpose: proposal.purpose },
      });
      return decided;
    });
  }

  private async approve(
    principal: Principal,
    { der, purpose }: RootProposal,
    reason: string,
    address: string | undefined,
  ): Promise<void> {
    const input = { pem: certificatePem({ der }), purpose: PURPOSES[purpose] ?? 'CONTRACT', reason };
    const { problems } = await this.trust.anchors(principal, input, address);
    const [problem] = problems;
    if (problem) throw invalid(problem.code, problem.message);
  }
}
