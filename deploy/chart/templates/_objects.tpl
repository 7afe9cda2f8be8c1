{{/*
The objects of one file beside the templates, as a list under "items", in the release's namespace. Such files are plain YAML, which kustomize
reads as well, so that no object stands in two places. Called with a dict: root, path.
*/}}
{{- define "spillway.read" -}}
{{- $text := required (printf "The chart has no file %s." .path) (.root.Files.Get .path) -}}
{{- $items := list -}}
{{- range regexSplit "(?m)^---$" $text -1 -}}
{{- $object := fromYaml . -}}
{{- if hasKey $object "Error" -}}
{{- fail (printf "%s: %s" $.path (get $object "Error")) -}}
{{- end -}}
{{- if $object.kind -}}
{{- $_ := include "spillway.settle" (dict "root" $.root "object" $object) -}}
{{- $items = append $items $object -}}
{{- end -}}
{{- end -}}
{{- dict "items" $items | toYaml -}}
{{- end -}}

{{/* Moves an object into the release's namespace and labels it. */}}
{{- define "spillway.settle" -}}
{{- $home := .root.Release.Namespace -}}
{{- if eq (default "" .object.metadata.namespace) "spillway-system" -}}
{{- $_ := set .object.metadata "namespace" $home -}}
{{- end -}}
{{- range .object.subjects -}}
{{- $_ := set . "namespace" $home -}}
{{- end -}}
{{- $ours := include "spillway.labels" .root | fromYaml -}}
{{- $_ := set .object.metadata "labels" (merge $ours (default dict .object.metadata.labels)) -}}
{{- end -}}

{{- define "spillway.labels" -}}
app.kubernetes.io/name: spillway
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* A list of objects as documents. */}}
{{- define "spillway.write" -}}
{{- range . }}
---
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* A file as it is. */}}
{{- define "spillway.file" -}}
{{- include "spillway.write" (include "spillway.read" . | fromYaml).items -}}
{{- end -}}

{{- define "spillway.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}
