{{/* The pods of one service. Argument: dict "root" $ "component" name. */}}
{{- define "kilowatch.peerPods" -}}
- podSelector:
    matchLabels:
      {{- include "kilowatch.selectorLabels" . | nindent 6 }}
{{- end -}}

{{- define "kilowatch.egressToDns" -}}
- to:
    {{- toYaml .Values.networkPolicy.dnsTo | nindent 4 }}
  ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
{{- end -}}

{{- define "kilowatch.egressToPostgres" -}}
- to:
    {{- toYaml .Values.networkPolicy.postgresTo | nindent 4 }}
  ports: [{ port: {{ .Values.networkPolicy.postgresPort }} }]
{{- end -}}

{{/* Host name of an edge port. Argument: dict "root" $ "edge" name. */}}
{{- define "kilowatch.edgeHost" -}}
{{- get .root.Values.hosts (eq .edge "public" | ternary "portal" .edge) -}}
{{- end -}}
