import { withSpan } from '@kilowatch/platform';
import { SpanKind } from '@opentelemetry/api';
import express, { Router, type Request, type Response } from 'express';
import type { Asking } from '../../federation/identity.js';
import type { FederatedApi } from '../graphql/federated-api.js';

const MAX_FORM_BYTES = 8 * 1024;

const MUTATION = `mutation($input: ClientTokenInput!) { clientToken(input: $input) {
  ... on ClientToken { accessToken expiresIn scope } ... on ClientTokenRefused { reason retryAfterSeconds } } }`;

interface Answer {
  readonly accessToken?: string;
  readonly expiresIn?: number;
  readonly scope?: string;
  readonly reason?: 'INVALID_CLIENT' | 'INVALID_SCOPE' | 'RATE_LIMITED';
  readonly retryAfterSeconds?: number | null;
}

/** Machines that speak OAuth (RFC 6749, 4.4 and 5) get here what `clientToken` gives. It keeps and decides nothing by itself. */
export function tokenEndpoint(api: FederatedApi, askingOf: (request: Request) => Asking): Router {
  const router = Router();
  router.use(express.urlencoded({ extended: false, limit: MAX_FORM_BYTES, inflate: false }));
  router.post('/', async (request, response) => {
    // Of one name given twice the parser makes a list (RFC 6749, 3.2: each once).
    const form = (request.body ?? {}) as Readonly<Record<string, string | string[] | undefined>>;
    if (Object.values(form).some((value) => typeof value !== 'string'))
      return refuse(response, 400, 'invalid_request');
    const { grant_type: grant, scope, client_id: id, client_secret: secret } = form as Record<string, string>;
    if (grant === undefined) return refuse(response, 400, 'invalid_request');
    if (grant !== 'client_credentials') return refuse(response, 400, 'unsupported_grant_type');
    const basic = basicCredentials(request.headers.authorization);
    // One way to show credentials, not two (2.3).
    if (basic && secret !== undefined) return refuse(response, 400, 'invalid_request');
    const client = basic ?? { id: id ?? '', secret: secret ?? '' };
    const input = { clientId: client.id, clientSecret: client.secret, scope };
    const { data } = await withSpan('graphql.operation', { kind: SpanKind.SERVER }, () =>
      api.ask(MUTATION, { input }, askingOf(request)),
    );
    const answer = data?.['clientToken'] as Answer | undefined;
    if (!answer) return refuse(response, 503, 'temporarily_unavailable');
    send(response, answer);
  });
  router.use((_request, response) => {
    response.set('allow', 'POST');
    refuse(response, 405, 'invalid_request');
  });
  return router;
}

function send(
  response: Response,
  { accessToken, expiresIn, scope, reason, retryAfterSeconds }: Answer,
): void {
  if (accessToken) {
    response.json({ access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn, scope });
    return;
  }
  if (reason === 'INVALID_SCOPE') return refuse(response, 400, 'invalid_scope');
  if (reason === 'RATE_LIMITED') {
    response.set('retry-after', String(retryAfterSeconds ?? 60));
    return refuse(response, 429, 'temporarily_unavailable');
  }
  response.set('www-authenticate', 'Basic realm="kilowatch"');
  refuse(response, 401, 'invalid_client');
}

function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ error });
}

/** RFC 6749, 2.3.1: both parts are form-encoded first. Undefined for anything else. */
function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  try {
    return { id: formText(text.slice(0, colon)), secret: formText(text.slice(colon + 1)) };
  } catch {
    return undefined;
  }
}

function formText(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
