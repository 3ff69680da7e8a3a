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

{{/* Host name of an edge port; webhooks share the portal's. Argument: dict "root" $ "edge" name. */}}
{{- define "kilowatch.edgeHost" -}}
{{- get .root.Values.hosts (has .edge (list "public" "webhooks") | ternary "portal" .edge) -}}
{{- end -}}

{{/*
Ports on which the gateway ends TLS itself, as {ports: [{name, port, variable}]}. Argument: $.
*/}}
{{- define "kilowatch.tlsPorts" -}}
{{- $tls := .Values.ocpp.tls -}}
{{- $ports := list -}}
{{- if $tls.existingSecret -}}
{{- if and $tls.mtlsPort (not $tls.stationCaSecret) }}{{ fail "ocpp.tls.mtlsPort needs ocpp.tls.stationCaSecret" }}{{ end -}}
{{- with $tls.port }}{{ $ports = append $ports (dict "name" "ocpp-tls" "port" (int .) "variable" "KW_OCPP_TLS_PORT") }}{{ end -}}
{{- with $tls.mtlsPort }}{{ $ports = append $ports (dict "name" "ocpp-mtls" "port" (int .) "variable" "KW_OCPP_MTLS_PORT") }}{{ end -}}
{{- with $tls.legacyPort }}{{ $ports = append $ports (dict "name" "ocpp-legacy-tls" "port" (int .) "variable" "KW_OCPP_LEGACY_TLS_PORT") }}{{ end -}}
{{- end -}}
{{- dict "ports" $ports | toYaml -}}
{{- end -}}

{{/*
Files of TLS material as {mounts: [{name, secret, files: {variable: key}}]}; each Secret is mounted whole by key, never by
subPath, so that a renewal arrives. Argument: $.
*/}}
{{- define "kilowatch.tlsMounts" -}}
{{- $tls := .Values.ocpp.tls -}}
{{- $mounts := list -}}
{{- if (include "kilowatch.tlsPorts" . | fromYaml).ports -}}
{{- $mounts = append $mounts (dict "name" "ocpp-tls" "secret" $tls.existingSecret "files" (dict "KW_OCPP_TLS_CERT" "tls.crt" "KW_OCPP_TLS_KEY" "tls.key")) -}}
{{- with $tls.rsaSecret }}{{ $mounts = append $mounts (dict "name" "ocpp-tls-rsa" "secret" . "files" (dict "KW_OCPP_TLS_RSA_CERT" "tls.crt" "KW_OCPP_TLS_RSA_KEY" "tls.key")) }}{{ end -}}
{{- if $tls.mtlsPort }}{{ $mounts = append $mounts (dict "name" "ocpp-station-ca" "secret" $tls.stationCaSecret "files" (dict "KW_OCPP_STATION_CA" "ca.crt")) }}{{ end -}}
{{- end -}}
{{- dict "mounts" $mounts | toYaml -}}
{{- end -}}
