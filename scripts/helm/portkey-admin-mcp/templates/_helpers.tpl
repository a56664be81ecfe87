{{- define "mcp.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ end -}}
{{- end -}}

{{- define "mcp.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "mcp.labels" -}}
{{ include "mcp.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "mcp.metadata" -}}
name: {{ include "mcp.name" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "mcp.labels" . | nindent 2 }}
{{- end -}}

{{- define "mcp.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end -}}

{{- /* A value as an environment variable holds it: numbers are floats in Helm, and 3600000 would be 3.6e+06. */ -}}
{{- define "mcp.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else }}{{ toString . }}{{ end -}}
{{- end -}}

{{- /* The hosts that clients name, from whichever way in is on. */ -}}
{{- define "mcp.hosts" -}}
{{- if .Values.ingress.enabled }}{{ join "," .Values.ingress.hosts }}
{{- else if .Values.httpRoute.enabled }}{{ join "," .Values.httpRoute.hosts }}{{ end -}}
{{- end -}}

{{- define "mcp.publicBaseUrl" -}}
{{- if .Values.publicBaseUrl }}{{ .Values.publicBaseUrl }}
{{- else if include "mcp.hosts" . }}https://{{ first (splitList "," (include "mcp.hosts" .)) }}{{ end -}}
{{- end -}}

{{- /* Names that are this server's inside the cluster, and those of the way in. */ -}}
{{- define "mcp.allowedHosts" -}}
{{- $name := include "mcp.name" . -}}
{{- $inside := printf "%s.%s" $name .Release.Namespace -}}
{{- $own := list $name $inside (printf "%s.svc" $inside) (printf "%s.svc.cluster.local" $inside) -}}
{{- $hosts := include "mcp.hosts" . -}}
{{- if $hosts }}{{ join "," (concat $own (splitList "," $hosts)) }}{{ else }}{{ join "," $own }}{{ end -}}
{{- end -}}

{{- /* The Secret with the token that Prometheus sends, and its key. */ -}}
{{- define "mcp.metricsTokenSecret" -}}
{{- if .Values.serviceMonitor.tokenSecret.name -}}
name: {{ .Values.serviceMonitor.tokenSecret.name }}
key: {{ .Values.serviceMonitor.tokenSecret.key }}
{{- else if has "MCP_METRICS_TOKEN" .Values.secret.keys -}}
name: {{ .Values.secret.name }}
key: MCP_METRICS_TOKEN
{{- end -}}
{{- end -}}

{{- /* What cannot work is refused here, before a pod says so. */ -}}
{{- define "mcp.check" -}}
{{- $many := or (gt (int .Values.replicas) 1) .Values.autoscaling.enabled -}}
{{- $redis := or .Values.redis.url (has "MCP_REDIS_URL" .Values.secret.keys) -}}
{{- if and $many (not $redis) (ne (toString .Values.settings.MCP_SESSION_MODE) "stateless") -}}
{{- $remedies := "give redis.url, name MCP_REDIS_URL in secret.keys, or set settings.MCP_SESSION_MODE to stateless" -}}
{{- fail (printf "Several replicas without Redis: %s; or set replicas to 1." $remedies) -}}
{{- end -}}
{{- if and .Values.redis.url (has "MCP_REDIS_URL" .Values.secret.keys) -}}
{{- fail "redis.url and MCP_REDIS_URL in secret.keys: keep one." -}}
{{- end -}}
{{- if not .Values.settings.MCP_AUTH_MODE -}}
{{- fail "settings.MCP_AUTH_MODE is not set: others can reach this server, so it must ask who calls." -}}
{{- end -}}
{{- if and .Values.ingress.enabled .Values.httpRoute.enabled -}}
{{- fail "ingress and httpRoute are both enabled: keep one." -}}
{{- end -}}
{{- if and (or .Values.ingress.enabled .Values.httpRoute.enabled) (not (include "mcp.hosts" .)) -}}
{{- fail "The way in has no hosts." -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (not .Values.metrics.port) (not (include "mcp.metricsTokenSecret" .)) -}}
{{- $remedies := "tokenSecret.name, MCP_METRICS_TOKEN in secret.keys, or metrics.port" -}}
{{- fail (printf "serviceMonitor needs %s: /metrics asks who calls." $remedies) -}}
{{- end -}}
{{- end -}}
