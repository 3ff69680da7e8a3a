import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import type { SignedSession } from '../../domain/signed/signed-session.js';
import { transparencyXml } from '../../domain/signed/transparency.js';
import {
  ManageMeterKeys,
  type MeterKeyInput,
  type StoredMeterKey,
} from '../../usecases/manage-meter-keys.js';
import { ViewSignedReadings } from '../../usecases/view-signed-readings.js';
import { wattHours, type SessionNode } from './session-node.js';

@Resolver('Session')
export class SignedReadingsResolver {
  constructor(private readonly view: ViewSignedReadings) {}

  @ResolveField()
  @Allow('sessions:read')
  async signedReadings(@Parent() { meter }: SessionNode, @CurrentPrincipal() principal: Principal) {
    const signed = await this.view.of(principal, meter.session);
    return { ...nodeOf(signed), verdictAtClose: meter.session.signedVerdict ?? null };
  }
}

@Resolver()
export class MeterKeyResolver {
  constructor(private readonly keys: ManageMeterKeys) {}

  @Query()
  @Allow('devices:read')
  async meterKeys(@Args('stationId') stationId: string, @CurrentPrincipal() principal: Principal) {
    return (await this.keys.list(principal, stationId)).map(keyNode);
  }

  @Mutation()
  @Allow('devices:write')
  async registerMeterKey(@Args('input') input: MeterKeyInput, @CurrentPrincipal() principal: Principal) {
    return { key: keyNode(await this.keys.register(principal, input)) };
  }

  @Mutation()
  @Allow('devices:write')
  async endMeterKey(
    @Args('input') input: { id: string; until?: Date | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return { key: keyNode(await this.keys.end(principal, input)) };
  }
}

function nodeOf({ verdict, reasons, beginMwh, endMwh, records }: SignedSession) {
  return {
    verdict,
    reasons,
    beginWh: wattHours(beginMwh),
    endWh: wattHours(endMwh),
    records: records.map((one) => ({
      measuredAt: one.measuredAt,
      verdict: one.verdict,
      reason: one.reason ?? null,
      ocmf: one.ocmf || null,
      meterSerial: one.record?.meterSerial || null,
      claimedKey: one.claimedKey || null,
    })),
    transparencyXml: records.some(({ ocmf }) => ocmf !== '') ? transparencyXml(records) : null,
  };
}

function keyNode(key: StoredMeterKey) {
  return {
    ...key,
    publicKey: Buffer.from(key.spki).toString('hex'),
    validUntil: key.validUntil ?? null,
    endedBy: key.endedBy ?? null,
  };
}
