#!/usr/bin/env bash
# Makes the kubeconfig that goes into the home cluster: reads a flattened one in JSON from standard input (kubectl config view --minify --flatten
# -o json), and prints one that has its cluster, and in the place of its user's credentials the token given as the only argument.
set -euo pipefail
[ $# = 1 ] && [ -n "$1" ] || {
    echo "Usage: kubectl config view --minify --flatten -o json | $0 TOKEN > region.kubeconfig" >&2
    exit 2
}
kubectl --kubeconfig /dev/stdin config view --raw -o go-template='{{range .clusters -}}
apiVersion: v1
kind: Config
clusters:
  - name: region
    cluster:
      server: {{.cluster.server}}
{{- with index .cluster "certificate-authority-data"}}
      certificate-authority-data: {{.}}
{{- end}}
{{- if index .cluster "insecure-skip-tls-verify"}}
      insecure-skip-tls-verify: true
{{- end}}
{{- with index .cluster "tls-server-name"}}
      tls-server-name: {{.}}
{{- end}}
contexts: [{name: region, context: {cluster: region, user: spillway}}]
current-context: region
users:
  - name: spillway
    user:
{{end}}'
printf '      token: %s\n' "$1"
