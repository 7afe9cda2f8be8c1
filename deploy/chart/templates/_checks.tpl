{{/* Values that contradict one another: one line, before anything is rendered. What one value alone may be stands in values.schema.json. */}}
{{- define "spillway.checks" -}}
{{- $v := .Values -}}
{{- if and $v.image.tag $v.image.digest -}}
{{- fail "image.tag and image.digest are both set, and the digest alone decides; leave one of them empty." -}}
{{- end -}}
{{- if and $v.priorityClass.create (hasPrefix "system-" $v.priorityClass.name) -}}
{{- fail (printf "priorityClass.create is set, and Kubernetes keeps names that begin with system- to itself; name another one than %s." $v.priorityClass.name) -}}
{{- end -}}
{{- if and $v.metrics.serviceMonitor.enabled (not $v.metrics.service) -}}
{{- fail "metrics.serviceMonitor.enabled is set, and without metrics.service there is nothing to monitor; set both." -}}
{{- end -}}
{{- if and $v.regions.kubernetes.secretNames (not $v.regions.kubernetes.enabled) -}}
{{- fail "regions.kubernetes.secretNames is set, and regions.kubernetes.enabled is not; set both." -}}
{{- end -}}
{{- if and (not $v.kubelet.enabled) (ne $v.kubelet.certificate "self-signed") -}}
{{- fail "kubelet.certificate is set, and kubelet.enabled is false; set it, or leave the certificate out." -}}
{{- end -}}
{{- if and (not $v.networkPolicy.enabled) (or $v.networkPolicy.metricsFrom $v.networkPolicy.kubeletFrom $v.networkPolicy.extraEgress) -}}
{{- fail "networkPolicy has rules, and networkPolicy.enabled is false; set it, or leave the rules out." -}}
{{- end -}}
{{- if has (int $v.kubelet.port) (list 8086 8087) -}}
{{- fail (printf "kubelet.port is %d, where something else is served; choose another one." (int $v.kubelet.port)) -}}
{{- end -}}
{{- if hasKey $v.podLabels "app" -}}
{{- fail "podLabels sets app, by which the Deployment knows its pods; choose another key." -}}
{{- end -}}
{{- range $mount := $v.extraVolumeMounts -}}
{{- $known := false -}}
{{- range $v.extraVolumes }}{{ if eq .name $mount.name }}{{ $known = true }}{{ end }}{{ end -}}
{{- if not $known -}}
{{- fail (printf "extraVolumeMounts mounts %s, which extraVolumes does not have; name one of those." $mount.name) -}}
{{- end -}}
{{- end -}}
{{- if and (has "--record=file" $v.extraArgs) (not (regexMatch "(^| )--record-folder=" (join " " $v.extraArgs))) -}}
{{- fail "extraArgs has --record=file without --record-folder=FOLDER: such files do not fit the volume at /tmp; mount one (extraVolumes) and name it." -}}
{{- end -}}
{{- $set := dict "--address" "nothing" "--port" "nothing" "--debug-port" "nothing" "--lease-namespace" "the release's namespace" "--kubelet-port" "kubelet.port" "--no-kubelet" "kubelet.enabled" "--kubelet-certificate" "kubelet.certificate" "--log-level" "log.level" "--log-format" "log.format" -}}
{{- range $v.extraArgs -}}
{{- $name := first (splitList "=" .) -}}
{{- if hasKey $set $name -}}
{{- fail (printf "extraArgs has %s, which the chart sets itself (by %s); leave it out." $name (get $set $name)) -}}
{{- end -}}
{{- if and (eq $name "--no-leader-election") (gt (int $v.replicas) 1) -}}
{{- fail (printf "extraArgs has --no-leader-election, and replicas is %d: two controllers would place the same pods; set replicas to 1." (int $v.replicas)) -}}
{{- end -}}
{{- if eq $name "--kubeconfig" -}}
{{- fail "extraArgs has --kubeconfig, and the controller works on the cluster that it runs in; leave it out." -}}
{{- end -}}
{{- end -}}
{{- end -}}
