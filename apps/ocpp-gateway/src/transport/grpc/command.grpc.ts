import { Injectable } from '@nestjs/common';
import type { ocppGateway } from '@kilowatch/contracts';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { SendCommand } from '../../usecases/send-command.js';

@Injectable()
export class CommandGrpc implements GrpcImplementation<typeof ocppGateway.CommandServiceService> {
  constructor(private readonly sendCommand: SendCommand) {}

  send(request: ocppGateway.SendRequest, call: GrpcCall): Promise<ocppGateway.SendResponse> {
    return this.sendCommand.send(request, call);
  }
}
