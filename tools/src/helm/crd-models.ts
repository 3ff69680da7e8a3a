import { z } from 'zod';

/**
 * The custom resources the chart makes, as far as it uses them: kubernetes-models has built-in kinds only. Strict, so that a
 * misspelt field is found. Sources: gateway-api.sigs.k8s.io/reference/spec (v1), prometheus-operator.dev/docs/api-reference (v1).
 */
const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
const labels = z.record(z.string(), z.string());
const metadata = z.strictObject({
  name,
  namespace: name.optional(),
  labels: labels.optional(),
  annotations: labels.optional(),
});
const port = z.int().min(1).max(65_535);
const gatewayDuration = z.string().regex(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/);
const prometheusDuration = z.string().regex(/^(\d+(ms|[smhdwy]))+$/);

const httpRoute = z.strictObject({
  apiVersion: z.literal('gateway.networking.k8s.io/v1'),
  kind: z.literal('HTTPRoute'),
  metadata,
  spec: z.strictObject({
    parentRefs: z
      .array(
        z.strictObject({
          group: z.string().optional(),
          kind: z.string().optional(),
          name,
          namespace: name.optional(),
          sectionName: name.optional(),
          port: port.optional(),
        }),
      )
      .min(1),
    hostnames: z.array(z.string()).min(1),
    rules: z
      .array(
        z.strictObject({
          matches: z.array(
            z.strictObject({
              path: z.strictObject({
                type: z.enum(['PathPrefix', 'Exact', 'RegularExpression']),
                value: z.string(),
              }),
            }),
          ),
          timeouts: z
            .strictObject({ request: gatewayDuration, backendRequest: gatewayDuration.optional() })
            .optional(),
          backendRefs: z.array(z.strictObject({ name, port })).min(1),
        }),
      )
      .min(1),
  }),
});

const serviceMonitor = z.strictObject({
  apiVersion: z.literal('monitoring.coreos.com/v1'),
  kind: z.literal('ServiceMonitor'),
  metadata,
  spec: z.strictObject({
    jobLabel: z.string().optional(),
    selector: z.strictObject({ matchLabels: labels }),
    endpoints: z
      .array(z.strictObject({ port: z.string(), path: z.string(), interval: prometheusDuration }))
      .min(1),
  }),
});

const prometheusRule = z.strictObject({
  apiVersion: z.literal('monitoring.coreos.com/v1'),
  kind: z.literal('PrometheusRule'),
  metadata,
  spec: z.strictObject({
    groups: z
      .array(
        z.strictObject({
          name: z.string(),
          rules: z
            .array(
              z.strictObject({
                alert: z.string().regex(/^Kilowatch[A-Z][A-Za-z]+$/),
                expr: z.string(),
                for: prometheusDuration,
                labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
                annotations: z.strictObject({
                  summary: z.string(),
                  description: z.string(),
                  runbook: z.string(),
                }),
              }),
            )
            .min(1),
        }),
      )
      .min(1),
  }),
});

export type HTTPRoute = z.input<typeof httpRoute>;
export type ServiceMonitor = z.input<typeof serviceMonitor>;
export type PrometheusRule = z.input<typeof prometheusRule>;

/** By `apiVersion/kind`. */
export const CUSTOM_RESOURCES: Readonly<Record<string, z.ZodType>> = {
  'gateway.networking.k8s.io/v1/HTTPRoute': httpRoute,
  'monitoring.coreos.com/v1/ServiceMonitor': serviceMonitor,
  'monitoring.coreos.com/v1/PrometheusRule': prometheusRule,
};
