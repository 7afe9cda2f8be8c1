#!/usr/bin/env bash
# Obtains the Kubernetes client for Python, from PyPI by pip, into a virtual environment beside the other tools of the tests, and prints its folder as the
# only line on standard output. Progress goes to standard error. With --is-built it obtains nothing, and its exit code says whether it is there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../go-binaries.sh"
part='Kubernetes client for Python'

python=$(python3 --version 2>&1) || fail 'Python 3 is missing.'
use_folder clients-python "$({ cat "$here/requirements.txt"; echo "$python"; } | hash_of_input)"
if [ "${1:-}" = --is-built ]; then
    [ -f "$folder/complete" ]
    exit
fi
if [ ! -f "$folder/complete" ]; then
    say "installing $(cat "$here/requirements.txt") into $folder with $python; the first time takes a minute"
    # An interpreter in a virtual environment knows its place: made where it stays, and marked when it is whole.
    { python3 -m venv --clear "$folder/environment" && "$folder/environment/bin/pip" install --quiet -r "$here/requirements.txt"; } >&2 \
        || fail 'it could not be installed; pip said above why'
    touch "$folder/complete"
fi
echo "$folder/environment"
