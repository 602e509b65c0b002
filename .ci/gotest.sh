#!/usr/bin/env bash
# gotest.sh FILE COMMAND…: a command that prints `go test -json`, kept in artifacts/ci/FILE, told in words.
# A skipped test fails here: whoever runs this has everything that tests can ask for.
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/.."
mkdir -p artifacts/ci
out=$PWD/artifacts/ci/$1
shift
status=0
"$@" >"$out" || status=$?
go -C tools run ./testreport "$out"
exit "$status"
