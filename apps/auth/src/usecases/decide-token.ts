import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { maskToken, toWire, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Tx } from '@kilowatch/platform';
import { isForgery } from '../domain/attempts/attempt-reasons.js';
import { forgedChain } from '../domain/attempts/forged-chain.js';
import { isRandomUid, nextUids } from '../domain/attempts/uid-order.js';
import { contractKey } from '../domain/contract-key.js';
import {
  type DecisionInput,
  type DecisionPurpose,
  type DecisionStatus,
  type KnownToken,
} from '../domain/decision.js';
import { isWorthListing } from '../domain/unknown-token.js';
import { isStartButton, spelledType } from '../domain/token-type.js';
import {
  saveCertificate,
  saveVerified,
  type ContractCertificate,
} from '../persistence/contract.repository.js';
import { findDecision, insertDecision, type DecisionRow } from '../persistence/decision.repository.js';
import { keepForgedChain } from '../persistence/forged-chain.repository.js';
import { noteUnknown } from '../persistence/unknown-token.repository.js';
import { announceDecision, type DecisionTraits } from './announce-decision.js';
import { AttemptGuard } from './attempt-guard.js';
import { CheckContract, type ContractEvidence, type ContractFinding } from './check-contract.js';
import { DecisionInputs, type LoadedInput } from './decision-input.js';
import { KeyedHash } from './keyed-hash.js';
import { decideStart } from './start-once.js';
import { KEY_CODE, mayBeCode } from './token-keys.js';

export interface PresentedToken {
  readonly value: string;
  readonly type: string;
  readonly stationId: string;
  readonly evseNumber: number;
  readonly purpose: DecisionPurpose;
  readonly at: Date | undefined;
  readonly offline: boolean;
  /** Empty = each call decides anew. */
  readonly decisionKey: string;
  readonly ocppMessageId: string;
  readonly openSessionIds: readonly string[];
  readonly contract: ContractEvidence | undefined;
  /** The station answers a request of ours. */
  readonly remoteStart: boolean;
}

export interface Answered extends DecisionRow {
  /** Start of a token whose account has a limit: what its session may cost (OCPP 2.1 C17.FR.03). Decimal text. */
  readonly credit: { readonly amount: string; readonly currency: string } | undefined;
}

/** A name is some 200 bytes. */
const MOST_NAMED = 10_000;

/**
 * Decides about a presented token and records the decision with its reason, in one transaction. A contract certificate is
 * judged before it is opened: that may ask a responder on the internet.
 */
@Injectable()
export class DecideToken {
  /** Certificates that stand with their contract already: drivers come again, and nothing takes them out. */
  private readonly named = new LRUCache<string, true>({ max: MOST_NAMED });
  /** Decisions that share a transaction are told apart by it where they have no key. */
  private keyless = 0;

  constructor(
    private readonly database: Database,
    private readonly inputs: DecisionInputs,
    private readonly contracts: CheckContract,
    private readonly guard: AttemptGuard,
    private readonly hash: KeyedHash,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(tenant: string, shown: PresentedToken): Promise<Answered> {
    const presented = { ...shown, type: spelledType(shown.type) };
    const key = presented.decisionKey || `own:${(this.keyless += 1)}`;
    const finding = await this.contracts.run(tenant, presented, this.clock.now());
    return this.database.shared(tenantScope(tenant), key, async (tx) => {
      const { decision, traits, credit, showable } = await this.decided(tx, tenant, presented, finding);
      if (!(await insertDecision(tx, tenant, decision))) {
        const stored = await findDecision(tx, tenant, presented.decisionKey);
        if (stored) return { ...stored, credit };
      }
      const { value } = presented;
      if (isWorthListing({ ...decision, value, showable, randomUid: traits.randomUid }))
        await this.noteUnknown(tx, decision, presented);
      if (finding?.verdict.kind === 'VALID') await this.remember(tx, decision, presented, finding);
      if (isForgery(decision.reason)) await this.keepEvidence(tx, decision, presented, traits);
      await announceDecision(tx, tenant, { decision, traits });
      return { ...decision, credit };
    });
  }

  private async decided(
    tx: Tx,
    tenant: string,
    presented: PresentedToken,
    finding: ContractFinding | undefined,
  ): Promise<Decided> {
    const now = this.clock.now();
    const at = presented.at ?? now;
    const loaded = await this.inputs.load(tx, tenant, presented, at, finding?.verdict);
    const { decisionKey, offline } = presented;
    const decision = await decideStart(tx, tenant, { input: loaded.input, decisionKey, offline, now });
    const { token } = loaded.input;
    this.note(tenant, presented, loaded.input, decision.status);
    const showable = mayShowEnd(presented, loaded.input);
    const row: DecisionRow = {
      tenant,
      id: this.ids.newId(),
      decisionKey: presented.decisionKey,
      stationId: presented.stationId,
      evseNumber: presented.evseNumber,
      tokenId: token?.tokenId ?? '',
      accountId: token?.accountId ?? '',
      tokenMasked: maskToken(showable ? presented.value : ''),
      tokenHash: this.hash.of(loaded.key),
      tokenType: presented.type,
      purpose: presented.purpose,
      status: decision.status,
      reason: decision.reason,
      groupId: decision.groupId,
      cacheExpiry: decision.cacheExpiry,
      evseNumbers: decision.evseNumbers,
      language: decision.language,
      certificateStatus: decision.certificateStatus ?? '',
      weak: decision.weak,
      policyVersion: loaded.policyVersion,
      offline: presented.offline,
      ocppMessageId: presented.ocppMessageId,
      occurredAt: at,
      decidedAt: now,
    };
    return {
      decision: row,
      showable,
      credit: presented.purpose === 'START' && row.status === 'ACCEPTED' ? creditOf(token) : undefined,
      traits: {
        ...this.traits(row, loaded),
        certificateSerial: finding?.serial ?? '',
        remoteStart: presented.remoteStart,
      },
    };
  }

  /** What may have been a code: of what 1.6 says without a type, that which nobody has, and codes. */
  private note(
    tenant: string,
    presented: PresentedToken,
    input: DecisionInput,
    status: DecisionStatus,
  ): void {
    const { value, type, stationId, purpose } = presented;
    if (purpose === 'STOP' || input.heldBack || !mayBeCode(value, type)) return;
    const isCode = input.token?.type === KEY_CODE;
    if (type === KEY_CODE || isCode || !input.token) this.guard.noted(tenant, { stationId, status, isCode });
  }

  /** An unknown card is what somebody who guesses shows: only then are its neighbours worth their hashes. */
  private traits({ status }: DecisionRow, { input, key, contractUnverified }: LoadedInput) {
    const isConcurrent = status === 'CONCURRENT_TX';
    return {
      nextUidHashes: status === 'UNKNOWN' ? nextUids(key).map((next) => this.hash.of(next)) : [],
      randomUid: isRandomUid(key),
      openStationIds: isConcurrent
        ? (input.token?.openSessions ?? []).flatMap((open) => open.stationId || [])
        : [],
      tokenShared: input.token?.allowConcurrent ?? false,
      contractUnverified,
    };
  }

  /** An operator may want to take it in. */
  private async noteUnknown(
    tx: Tx,
    { tenant, tokenHash, stationId, occurredAt }: DecisionRow,
    { value, type }: PresentedToken,
  ): Promise<void> {
    const id = this.ids.newId();
    await noteUnknown(tx, tenant, { id, tokenHash, value, type, stationId, at: occurredAt });
  }

  private async keepEvidence(
    tx: Tx,
    { tenant, tokenHash, tokenMasked, stationId, reason, decidedAt }: DecisionRow,
    { contract }: PresentedToken,
    { certificateSerial }: DecisionTraits,
  ): Promise<void> {
    if (!contract) return;
    const shown = { tokenHash: tokenHash.toString('hex'), tokenMasked, stationId, reason };
    const chain = {
      ...shown,
      id: this.ids.newId(),
      serial: certificateSerial,
      evidence: contract,
      at: decidedAt,
    };
    await keepForgedChain(tx, tenant, forgedChain(chain));
  }

  private async remember(
    tx: Tx,
    { tenant, stationId, decidedAt }: DecisionRow,
    { value }: PresentedToken,
    { certificate }: ContractFinding,
  ): Promise<void> {
    const emaidKey = contractKey(value);
    await Promise.all([
      saveVerified(tx, tenant, { stationId, emaidKey, at: decidedAt }),
      certificate && this.rememberName(tx, tenant, { ...certificate, emaidKey, at: decidedAt }),
    ]);
  }

  private async rememberName(tx: Tx, tenant: string, certificate: ContractCertificate): Promise<void> {
    const { emaidKey, issuerKeyHash, serial } = certificate;
    const name = [tenant, emaidKey, issuerKeyHash, serial].join('|');
    if (this.named.has(name)) return;
    await saveCertificate(tx, tenant, certificate);
    tx.afterCommit(() => void this.named.set(name, true));
  }
}

interface Decided {
  readonly decision: DecisionRow;
  readonly traits: DecisionTraits;
  /** What was shown is no code. */
  readonly showable: boolean;
  /** A session begins that may cost no more than what is left. */
  readonly credit: Answered['credit'];
}

/** Where everybody may charge, less than nothing may be left. */
function creditOf(token: KnownToken | undefined): Answered['credit'] {
  const { available, currency } = token?.funds ?? {};
  return available?.gt('0')
    ? { amount: toWire({ amount: available, currency: currency! }).amount, currency: currency! }
    : undefined;
}

/** The last characters of a card tell it apart; those of a code are part of it (C04), and a button has none. */
function mayShowEnd({ value, type }: PresentedToken, { token, heldBack }: DecisionInput): boolean {
  if (isStartButton(type) || heldBack || (token ? token.type === KEY_CODE : type === KEY_CODE)) return false;
  // Over 1.6 a wrong code is what nobody has: it may be but one digit off.
  return token !== undefined || !mayBeCode(value, type) || !/^[\d*#]+$/.test(value.trim());
}
