{{/*
The services as {services: [...]}: the facts of files/services.yaml, each with "fullname", "schema" and "values" (defaults
under services.<name>). Where cards are taken, billing has an edge: the port of the provider's webhooks. Templates range over: (include "kilowatch.services" . | fromYaml).services
*/}}
{{- define "kilowatch.services" -}}
{{- $root := . -}}
{{- $prefix := include "kilowatch.fullname" . -}}
{{- $services := list -}}
{{- range (.Files.Get "files/services.yaml" | fromYaml).services -}}
{{- $values := mergeOverwrite (deepCopy $root.Values.defaults) (deepCopy (default dict (index $root.Values.services .name))) -}}
{{- $facts := dict "fullname" (printf "%s-%s" $prefix .name) "schema" (replace "-" "_" .name) "values" $values -}}
{{- if and (eq .name "billing") (ne $root.Values.payments.provider "none") -}}
{{- $_ := set $facts "edge" (dict "name" "webhooks" "port" 4200 "variable" "KW_WEBHOOK_PORT") -}}
{{- end -}}
{{- $services = append $services (merge $facts . (dict "peers" list "secrets" dict "internet" list)) -}}
{{- end -}}
{{- dict "services" $services | toYaml -}}
{{- end -}}

{{/* Settings of one service that are not secret (its ConfigMap). Argument: dict "root" $ "service" service. */}}
{{- define "kilowatch.settings" -}}
{{- $root := .root -}}
{{- $service := .service -}}
{{- $prefix := include "kilowatch.fullname" $root -}}
{{- $settings := dict
  "KW_ENV" "production"
  "KW_SERVICE_NAME" $service.name
  "KW_LOG_LEVEL" $root.Values.logLevel
  "KW_BIND_HOST" "0.0.0.0"
  "KW_HTTP_PORT" "8080"
  "KW_NATS_STREAM_REPLICAS" (toString $root.Values.nats.streamReplicas)
  "KW_JWKS_URL" (printf "http://%s-auth:8080/.well-known/jwks.json" $prefix)
  "KW_JWT_ISSUER" $root.Values.jwtIssuer
  "KW_TRACE_EXPORT" $root.Values.traceExport
  "KW_DEFAULT_TENANT" $root.Values.defaultTenant
-}}
{{- with $root.Values.jwtIssuers }}{{ $_ := set $settings "KW_JWT_ISSUERS" (toJson .) }}{{ end -}}
{{- if not $root.Values.nats.urlSecretKey }}{{ $_ := set $settings "KW_NATS_URL" $root.Values.nats.url }}{{ end -}}
{{- if $service.grpc }}{{ $_ := set $settings "KW_GRPC_PORT" "50051" }}{{ end -}}
{{- with $service.edge }}{{ $_ := set $settings .variable (toString .port) }}{{ end -}}
{{- range $service.peers -}}
{{- $_ := set $settings (printf "KW_%s_GRPC_URL" (. | replace "-" "_" | upper)) (printf "%s-%s-grpc:50051" $prefix .) -}}
{{- end -}}
{{- if eq $service.name "auth" -}}
{{- $_ := set $settings "KW_PASSKEY_RP_ID" $root.Values.hosts.portal -}}
{{- $_ := set $settings "KW_PASSKEY_ORIGINS" (printf "https://%s" $root.Values.hosts.portal) -}}
{{- $_ := set $settings "KW_OIDC_REDIRECT_URL" (printf "https://%s/sign-in/provider" $root.Values.hosts.portal) -}}
{{- with $root.Values.bootstrapAdminEmail }}{{ $_ := set $settings "KW_BOOTSTRAP_ADMIN_EMAIL" . }}{{ end -}}
{{- else if eq $service.name "ocpp-gateway" -}}
{{- $_ := set $settings "KW_DRAIN_SECONDS" (toString $root.Values.ocpp.drainSeconds) -}}
{{- $_ := set $settings "KW_OCPP_PUBLIC_HOST" $root.Values.hosts.ocpp -}}
{{- range (include "kilowatch.tlsPorts" $root | fromYaml).ports }}{{ $_ := set $settings .variable (toString .port) }}{{ end -}}
{{- $_ := set $settings "KW_UPLOAD_URL" (printf "https://%s" $root.Values.hosts.ocpp) -}}
{{- else if eq $service.name "billing" -}}
{{- $_ := set $settings "KW_CARD_RETURN_URLS" (printf "https://%s/account/payment" $root.Values.hosts.portal) -}}
{{- with $root.Values.payments -}}
{{- $_ := set $settings "KW_PAYMENTS" .provider -}}
{{- if ne .provider "none" -}}
{{- $_ := set $settings "KW_STRIPE_PUBLISHABLE" .publishableKey -}}
{{- $_ := set $settings "KW_CARD_AUTHORISE_AMOUNT" (toString .authoriseAmount) -}}
{{- end -}}
{{- end -}}
{{- else if eq $service.name "notifications" -}}
{{- $_ := set $settings "KW_PORTAL_URL" (printf "https://%s" $root.Values.hosts.portal) -}}
{{- else if eq $service.name "ocpi" -}}
{{- $_ := set $settings "KW_OCPI_PUBLIC_URL" (printf "https://%s" $root.Values.hosts.ocpi) -}}
{{- else if eq $service.name "graphql-gateway" -}}
{{- $subgraphs := dict -}}
{{- range (include "kilowatch.services" $root | fromYaml).services -}}
{{- if .subgraph }}{{ $_ := set $subgraphs .name (printf "http://%s:8080/graphql" .fullname) }}{{ end -}}
{{- end -}}
{{- $_ := set $settings "KW_SUBGRAPHS" (toJson $subgraphs) -}}
{{- $_ := set $settings "KW_PORTAL_DIR" "/app/apps/portal/dist" -}}
{{- $_ := set $settings "KW_SUPERGRAPH_FILE" "/app/apps/graphql-gateway/supergraph.graphql" -}}
{{- end -}}
{{- $secrets := (include "kilowatch.secrets" . | fromYaml) -}}
{{- range $variable, $value := $service.values.env -}}
{{- if hasKey $secrets $variable }}{{ fail (printf "services.%s.env.%s is a secret: put it into the Secret named by existingSecret" $service.name $variable) }}{{ end -}}
{{- $_ := set $settings $variable $value -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/* Secrets of one service, variable: key in existingSecret. Argument as above. */}}
{{- define "kilowatch.secrets" -}}
{{- $service := .service -}}
{{- $secrets := merge (dict "KW_SERVICE_SECRET" "service-secret") $service.secrets $service.values.secretEnv -}}
{{- if $service.database }}{{ $_ := set $secrets "KW_DATABASE_URL" (printf "%s-database-url" $service.name) }}{{ end -}}
{{- with .root.Values.nats.urlSecretKey }}{{ $_ := set $secrets "KW_NATS_URL" . }}{{ end -}}
{{- if and (eq $service.name "auth") .root.Values.bootstrapAdminEmail -}}
{{- $_ := set $secrets "KW_BOOTSTRAP_ADMIN_PASSWORD" "bootstrap-admin-password" -}}
{{- end -}}
{{- if eq $service.name "auth" -}}
{{- if .root.Values.oidcProviders }}{{ $_ := set $secrets "KW_OIDC_PROVIDERS" "oidc-providers" }}{{ end -}}
{{- if .root.Values.contractPools }}{{ $_ := set $secrets "KW_CONTRACT_POOLS" "contract-pools" }}{{ end -}}
{{- end -}}
{{- if and (eq $service.name "billing") .root.Values.entsoe }}{{ $_ := set $secrets "KW_ENTSOE_TOKEN" "entsoe-token" }}{{ end -}}
{{- if and (eq $service.name "billing") (eq .root.Values.payments.provider "stripe") -}}
{{- $_ := set $secrets "KW_STRIPE_SECRET_KEY" "stripe-secret-key" -}}
{{- $_ := set $secrets "KW_STRIPE_WEBHOOK_SECRET" "stripe-webhook-secret" -}}
{{- end -}}
{{- toYaml $secrets -}}
{{- end -}}
