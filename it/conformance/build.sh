#!/usr/bin/env bash
# Obtains Kubernetes' own tests (e2e.test), ginkgo, which runs several at once, and the images that they name, and prints the folder that holds
# them as the only line on standard output. Progress goes to standard error. Where it is kept, and that two runs may meet:
# it/go-binaries.sh. Built on request only.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../go-binaries.sh"
part="Kubernetes' tests"
duration='five minutes on two cores after the control plane and a real node'
module=$here
kubernetes=$(version_of "$here/go.mod" k8s.io/kubernetes)
ginkgo=$(version_of "$here/go.mod" github.com/onsi/ginkgo/v2)
kubernetes_stamp=$(kubernetes_ldflags "$kubernetes")

recipe() {
    tags=
    case $1 in
        e2e.test) package=k8s.io/kubernetes/test/e2e version=$kubernetes ldflags=$kubernetes_stamp verb='test -c -vet=off' ;;
        nnp) package=k8s.io/kubernetes/test/images/nonewprivs version=$kubernetes ldflags='-s -w' verb=build ;;
        ginkgo) package=github.com/onsi/ginkgo/v2/ginkgo version=$ginkgo ldflags='-s -w' verb=build ;;
    esac
}

node=$("$here/../realnode/build.sh")
check_go "$here" ''
use_folder conformance "$({
    cat "$here"/go.{mod,sum}
    echo "$go $kubernetes_stamp"
} | hash_of_input)"
build_missing e2e.test nnp ginkgo
# Made anew where only they are out of date: the tests take minutes.
made_from=$({ cat "$here/images.sh"; echo "$node"; } | hash_of_input)
if [ ! -f "$folder/images.tar" ] || [ "$(cat "$folder/images.made-from" 2>/dev/null)" != "$made_from" ]; then
    "$here/images.sh" "$node/images.tar" "$(cd "$here" && go list -m -f '{{.Dir}}' k8s.io/kubernetes)" "$folder/nnp" "$folder/images.tar"
    echo "$made_from" >"$folder/images.made-from"
    say "made images.tar, $(megabytes "$folder/images.tar")"
fi
echo "$folder"
