import { Injectable } from '@nestjs/common';
import type { ocppGateway } from '@kilowatch/contracts';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { DisconnectStation } from '../../usecases/disconnect-station.js';
import { SendCommand } from '../../usecases/send-command.js';

@Injectable()
export class CommandGrpc implements GrpcImplementation<typeof ocppGateway.CommandServiceService> {
  constructor(
    private readonly sendCommand: SendCommand,
    private readonly disconnectStation: DisconnectStation,
  ) {}

  send(request: ocppGateway.SendRequest, call: GrpcCall): Promise<ocppGateway.SendResponse> {
    return this.sendCommand.send(request, call);
  }

  disconnect(
    request: ocppGateway.DisconnectRequest,
    call: GrpcCall,
  ): Promise<ocppGateway.DisconnectResponse> {
    return this.disconnectStation.run(request, call);
  }
}
