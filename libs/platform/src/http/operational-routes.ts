import type { Express, Response } from 'express';
import type { HealthReport, HealthState } from '../health/health-state.js';
import { metricRegistry } from '../trace/metrics.js';

/** Probes and metrics on the service's one HTTP port; that port is for the cluster, never for the internet. */
export function addOperationalRoutes(app: Express, health: HealthState): void {
  app.disable('x-powered-by');
  app.get('/health/live', (_request, response) => report(response, health.live()));
  app.get('/health/startup', (_request, response) => report(response, health.startup()));
  app.get('/health/ready', async (_request, response) => report(response, await health.ready()));
  app.get('/metrics', async (_request, response) => {
    response.type(metricRegistry.contentType).send(await metricRegistry.metrics());
  });
}

function report(response: Response, { ok, checks }: HealthReport): void {
  response
    .set('cache-control', 'no-store')
    .status(ok ? 200 : 503)
    .json({ ok, checks });
}
