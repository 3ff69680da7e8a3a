/**
 * One firmware update of one station (OCPP 1.6 section 4.5, security white paper section 4, OCPP 2.x block L). Stations tell of it
 * without a time, repeat themselves and lose messages, so the farthest status counts: every move goes forward in the list below,
 * what was left out is passed over and what comes late is ignored. Only a download may pause and go on.
 */
import { stateMachine } from '@kilowatch/kernel';

export const FIRMWARE_PROGRESS = [
  'REQUESTED',
  'ACCEPTED',
  'DOWNLOAD_SCHEDULED',
  'DOWNLOADING',
  'DOWNLOAD_PAUSED',
  'DOWNLOADED',
  'SIGNATURE_VERIFIED',
  'CHECKSUM_VERIFIED',
  'INSTALL_SCHEDULED',
  'INSTALLING',
  'INSTALL_REBOOTING',
] as const;
/** A station that retries may succeed after it failed. */
export const FIRMWARE_ENDS = [
  'SUPERSEDED',
  'REFUSED',
  'DOWNLOAD_FAILED',
  'INVALID_SIGNATURE',
  'INVALID_CHECKSUM',
  'INSTALLATION_FAILED',
  'INSTALL_VERIFICATION_FAILED',
  'PUBLISH_FAILED',
  'INSTALLED',
  'PUBLISHED',
] as const;
export type FirmwareStatus = (typeof FIRMWARE_PROGRESS)[number] | (typeof FIRMWARE_ENDS)[number];

const ORDER: readonly FirmwareStatus[] = [...FIRMWARE_PROGRESS, ...FIRMWARE_ENDS];
const SUCCESSES: ReadonlySet<FirmwareStatus> = new Set(['INSTALLED', 'PUBLISHED', 'SUPERSEDED']);

export const firmwareMoves = stateMachine<FirmwareStatus>({
  ...(Object.fromEntries(ORDER.map((status, place) => [status, ORDER.slice(place + 1)])) as Record<
    FirmwareStatus,
    FirmwareStatus[]
  >),
  DOWNLOAD_PAUSED: ['DOWNLOADING', ...ORDER.slice(ORDER.indexOf('DOWNLOAD_PAUSED') + 1)],
});

const WORDS: Readonly<Record<string, FirmwareStatus>> = {
  DownloadScheduled: 'DOWNLOAD_SCHEDULED',
  Downloading: 'DOWNLOADING',
  DownloadPaused: 'DOWNLOAD_PAUSED',
  Downloaded: 'DOWNLOADED',
  DownloadFailed: 'DOWNLOAD_FAILED',
  SignatureVerified: 'SIGNATURE_VERIFIED',
  InvalidSignature: 'INVALID_SIGNATURE',
  ChecksumVerified: 'CHECKSUM_VERIFIED',
  InvalidChecksum: 'INVALID_CHECKSUM',
  InstallScheduled: 'INSTALL_SCHEDULED',
  Installing: 'INSTALLING',
  InstallRebooting: 'INSTALL_REBOOTING',
  InstallVerificationFailed: 'INSTALL_VERIFICATION_FAILED',
  InstallationFailed: 'INSTALLATION_FAILED',
  Installed: 'INSTALLED',
  Published: 'PUBLISHED',
  PublishFailed: 'PUBLISH_FAILED',
};

/** Undefined for Idle, which only answers a trigger, and for words of nobody. */
export function firmwareNews(word: string): FirmwareStatus | undefined {
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}

/** The same status when the news adds nothing. */
export function firmwareAfter(status: FirmwareStatus, news: FirmwareStatus): FirmwareStatus {
  return firmwareMoves.canMove(status, news) ? news : status;
}

export function isFirmwareEnd(status: FirmwareStatus): boolean {
  return (FIRMWARE_ENDS as readonly string[]).includes(status);
}

/** Somebody should look at it: it is over and the firmware is not where it was meant to be. */
export function hasFirmwareFailed(status: FirmwareStatus): boolean {
  return isFirmwareEnd(status) && !SUCCESSES.has(status);
}

const LATE_MS = 60 * 60_000;

/**
 * Does a status without a request id (plain 1.6) speak of the station's newest update? An update that ended long ago gets no news
 * any more: this is another one, which somebody asked for elsewhere.
 */
export function speaksOf(
  newest: { readonly status: FirmwareStatus; readonly updatedAt: Date },
  news: FirmwareStatus,
  at: Date,
): boolean {
  if (!isFirmwareEnd(newest.status) || newest.status === news) return true;
  return at.getTime() - newest.updatedAt.getTime() < LATE_MS;
}
