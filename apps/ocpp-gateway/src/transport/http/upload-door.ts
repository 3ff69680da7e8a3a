import type { IncomingMessage, ServerResponse } from 'node:http';
import { counter, withSpan, type Logger } from '@kilowatch/platform';
import { RateGate } from '../../domain/rate-gate.js';
import { uploadTarget } from '../../domain/upload-path.js';
import type { ReceiveUpload, UploadVerdict } from '../../usecases/receive-upload.js';

const STATUS: Readonly<Record<UploadVerdict, number>> = {
  stored: 201,
  unknown: 404,
  gone: 410,
  busy: 503,
  too_large: 413,
  empty: 400,
  broken: 400,
};
const RETRY_AFTER_SECONDS = 60;
/** Each costs a look into the database, and anybody may ask. */
const ATTEMPTS_PER_SECOND = 50;

/** Plain HTTP on the charger port: `PUT` or `POST /uploads/<token>/`, and 426 for all else. */
export class UploadDoor {
  private readonly pace = new RateGate(ATTEMPTS_PER_SECOND);

  constructor(
    private readonly uploads: Pick<ReceiveUpload, 'receive'>,
    private readonly log: Logger,
  ) {}

  async knock(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = uploadTarget(request.url ?? '');
    if (!target) return end(response, 426, { Upgrade: 'websocket' });
    if (request.method !== 'PUT' && request.method !== 'POST') {
      return end(response, 405, { Allow: 'PUT, POST' });
    }
    if (!this.pace.tryPass(performance.now()))
      return end(response, 503, { 'Retry-After': RETRY_AFTER_SECONDS });
    try {
      const verdict = await withSpan('ocpp.upload', { attributes: {} }, () =>
        this.uploads.receive(target, request, lengthOf(request)),
      );
      counter('kw_ocpp_uploads_total').inc({ outcome: verdict });
      end(response, STATUS[verdict], verdict === 'busy' ? { 'Retry-After': RETRY_AFTER_SECONDS } : {});
    } catch (err) {
      counter('kw_ocpp_uploads_total').inc({ outcome: 'failed' });
      this.log.warn({ err }, 'upload could not be taken');
      end(response, 503, { 'Retry-After': RETRY_AFTER_SECONDS });
    }
  }
}

function lengthOf({ headers }: IncomingMessage): number | undefined {
  const declared = headers['content-length'];
  return declared === undefined ? undefined : Number(declared);
}

/** The connection ends with it: what is left of a file that is refused is not read. */
function end(response: ServerResponse, status: number, headers: Record<string, string | number>): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { ...headers, Connection: 'close', 'Content-Length': 0 }).end();
}
