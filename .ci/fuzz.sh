#!/usr/bin/env bash
# Runs every fuzz target that `go test -list` knows for FUZZTIME (10s). New findings stay in testdata/fuzz/.
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/.."
time=${FUZZTIME:-10s}

# `go test -list` prints a package's names, then "ok <package> <seconds>".
targets=$(go test -list '^Fuzz' ./... | awk '/^Fuzz/ {names[++n] = $1; next} $1 == "ok" {for (i = 1; i <= n; i++) print $2, names[i]} {n = 0}')
[ -n "$targets" ] || { echo 'no fuzz target found'; exit 1; }

fuzz() { go test -run '^$' -fuzz "^$2\$" -fuzztime "$time" "$1" 2>&1; }

while read -r package name; do
  started=$SECONDS
  if ! out=$(fuzz "$package" "$name"); then
    # The go command may report its own deadline as a failure (golang.org/issue/75804): that one is tried again.
    if grep -q 'context deadline exceeded' <<<"$out" && ! grep -q 'Failing input written' <<<"$out"; then
      out=$(fuzz "$package" "$name") || { printf '%s\n' "$out"; exit 1; }
    else
      printf '%s\n' "$out"
      exit 1
    fi
  fi
  printf '%-60s %3d s  %s\n' "$package $name" $((SECONDS - started)) "$(grep -o 'execs: [0-9]*' <<<"$out" | tail -n 1)"
done <<<"$targets"
