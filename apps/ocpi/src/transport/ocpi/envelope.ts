import { ERROR_TABLE, toAppError, type AppError } from '@kilowatch/kernel';
import type { Response } from 'express';

const SUCCESS = 1000;

/** OCPI says more about some errors than our table can. */
const BY_CODE: Readonly<Record<string, { readonly http: number; readonly status: number }>> = {
  OCPI_REGISTRATION_STATE: { http: 405, status: 2000 },
  OCPI_METHOD: { http: 405, status: 2000 },
  OCPI_PATH: { http: 404, status: 2000 },
  OCPI_NOT_JSON: { http: 400, status: 2001 },
  OCPI_CLIENT_API: { http: 200, status: 3001 },
  OCPI_VERSION: { http: 200, status: 3002 },
  OCPI_ENDPOINTS: { http: 200, status: 3003 },
};

/** Every answer has this shape, errors too (docs/ocpi-notes.md T4). `data` undefined: left out. */
export function answer(response: Response, now: Date, data?: unknown): void {
  response.json({
    ...(data === undefined ? {} : { data }),
    status_code: SUCCESS,
    timestamp: now.toISOString(),
  });
}

/** Answers an error by the table; returns it for the log. Texts of libraries never get out. */
export function answerError(response: Response, now: Date, thrown: unknown): AppError {
  const error = toAppError(thrown);
  const { http, status } = BY_CODE[error.code] ?? ERROR_TABLE[error.kind].ocpi;
  if (http === 401) response.setHeader('WWW-Authenticate', 'Token');
  response
    .status(http)
    .json({ status_code: status, status_message: error.publicText, timestamp: now.toISOString() });
  return error;
}
