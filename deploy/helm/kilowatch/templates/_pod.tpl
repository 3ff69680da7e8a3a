{{/* PodSecurity "restricted". 10001 is the user of the image. */}}
{{- define "kilowatch.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "kilowatch.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Spread over zones and hosts; soft, so that a small cluster still runs everything and a full surge finds room. */}}
{{- define "kilowatch.spread" -}}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "kilowatch.selectorLabels" $ | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end -}}

{{/*
startup: up to two minutes for boot; liveness: the process alone, never its database; readiness: started and not draining.
*/}}
{{- define "kilowatch.probes" -}}
startupProbe:
  httpGet: { path: /health/startup, port: http }
  periodSeconds: 2
  failureThreshold: 60
  timeoutSeconds: 2
livenessProbe:
  httpGet: { path: /health/live, port: http }
  periodSeconds: 10
  failureThreshold: 3
  timeoutSeconds: 5
readinessProbe:
  httpGet: { path: /health/ready, port: http }
  periodSeconds: 5
  failureThreshold: 2
  timeoutSeconds: 3
{{- end -}}
