/** What the API says of a command to a station. */
export interface CommandResult {
  readonly outcome: string;
  readonly status: string | null;
  readonly errorCode: string | null;
  readonly errorDescription: string | null;
}

export const COMMAND_RESULT = 'outcome status errorCode errorDescription';

export function resultText({ outcome, status, errorCode, errorDescription }: CommandResult): string {
  return [outcome, status, errorCode, errorDescription].filter((part) => part).join('  ');
}
