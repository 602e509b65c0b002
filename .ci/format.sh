#!/usr/bin/env bash
# Names every Go file that gofmt would change.
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/.."
crooked=$(git ls-files -z --cached --others --exclude-standard -- '*.go' | xargs -0 -r gofmt -l)
[ -z "$crooked" ] || { printf 'not formatted (run gofmt -w):\n%s\n' "$crooked"; exit 1; }
