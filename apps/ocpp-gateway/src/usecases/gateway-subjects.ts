import { ocppGateway } from '@kilowatch/contracts';
import { z } from 'zod';

/** Subjects between the pods of this service (core NATS, never stored). */
export const commandSubject = (connectionId: string): string => `cmd.${connectionId}`;

export const takeoverSubject = (bootId: string): string => `gateway.takeover.${bootId}`;

/** Raised when a receiving pod must understand something new to carry out a command. */
export const ROUTED_COMMAND_VERSION = 1;

export function encodeCommand(command: ocppGateway.RoutedCommand): Uint8Array {
  return ocppGateway.RoutedCommand.encode(command).finish();
}

export function decodeCommand(bytes: Uint8Array): ocppGateway.RoutedCommand {
  return ocppGateway.RoutedCommand.decode(bytes);
}

export function encodeCommandResult(result: Partial<ocppGateway.RoutedCommandResult>): Uint8Array {
  return ocppGateway.RoutedCommandResult.encode(ocppGateway.RoutedCommandResult.fromPartial(result)).finish();
}

export function decodeCommandResult(bytes: Uint8Array): ocppGateway.RoutedCommandResult {
  return ocppGateway.RoutedCommandResult.decode(bytes);
}

const takeover = z.object({ tenant: z.string(), stationId: z.string(), generation: z.number().int() });

/** Said to the process that held a station when another one took it over. */
export type Takeover = z.infer<typeof takeover>;

/** Undefined for anything else than a takeover. */
export function parseTakeover(text: string): Takeover | undefined {
  try {
    return takeover.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
