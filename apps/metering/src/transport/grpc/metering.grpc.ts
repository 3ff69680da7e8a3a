import { Injectable } from '@nestjs/common';
import { metering } from '@kilowatch/contracts';
import type { GrpcImplementation } from '@kilowatch/platform';
import { RecordReadings } from '../../usecases/record-readings.js';

@Injectable()
export class MeteringGrpc implements GrpcImplementation<typeof metering.MeteringServiceService> {
  constructor(private readonly record: RecordReadings) {}

  recordReadings(request: metering.RecordReadingsRequest): Promise<metering.RecordReadingsResponse> {
    return this.record.run(request.sets);
  }
}
