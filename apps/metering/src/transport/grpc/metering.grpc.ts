import { Injectable } from '@nestjs/common';
import { metering } from '@kilowatch/contracts';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { RecordReadings } from '../../usecases/record-readings.js';
import { TellEnergySoFar } from '../../usecases/tell-energy-so-far.js';

@Injectable()
export class MeteringGrpc implements GrpcImplementation<typeof metering.MeteringServiceService> {
  constructor(
    private readonly record: RecordReadings,
    private readonly energy: TellEnergySoFar,
  ) {}

  recordReadings(request: metering.RecordReadingsRequest): Promise<metering.RecordReadingsResponse> {
    return this.record.run(request.sets);
  }

  tellEnergySoFar(
    request: metering.TellEnergySoFarRequest,
    call: GrpcCall,
  ): Promise<metering.TellEnergySoFarResponse> {
    return this.energy.run(call.tenant, request.sessionIds);
  }
}
