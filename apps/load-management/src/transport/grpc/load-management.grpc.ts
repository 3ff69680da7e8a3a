import { Injectable } from '@nestjs/common';
import type { loadManagement } from '@kilowatch/contracts';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { RecordCarSchedule } from '../../usecases/record-car-schedule.js';
import { RecordNeeds } from '../../usecases/record-needs.js';

@Injectable()
export class LoadManagementGrpc implements GrpcImplementation<
  typeof loadManagement.LoadManagementServiceService
> {
  constructor(
    private readonly needs: RecordNeeds,
    private readonly carSchedules: RecordCarSchedule,
  ) {}

  recordChargingNeeds(
    request: loadManagement.RecordChargingNeedsRequest,
    call: GrpcCall,
  ): Promise<loadManagement.RecordChargingNeedsResponse> {
    return this.needs.run(call.tenant, request);
  }

  recordChargingSchedule(
    request: loadManagement.RecordChargingScheduleRequest,
    call: GrpcCall,
  ): Promise<loadManagement.RecordChargingScheduleResponse> {
    return this.carSchedules.run(call.tenant, request);
  }
}
