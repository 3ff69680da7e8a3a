import { Injectable } from '@nestjs/common';
import type { gateway } from '@kilowatch/contracts';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { SendCommand } from '../../usecases/send-command.js';

@Injectable()
export class CommandGrpc implements GrpcImplementation<typeof gateway.CommandServiceService> {
  constructor(private readonly sendCommand: SendCommand) {}

  send(request: gateway.SendRequest, call: GrpcCall): Promise<gateway.SendResponse> {
    return this.sendCommand.send(request, call);
  }
}
