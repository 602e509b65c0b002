#!/usr/bin/env bash
# Fails when `make gen` changes a file: what is generated must be committed as it comes out.
# Compares checksums, not commits, so that it also works in the middle of an edit.
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/.."
sums() { git ls-files -z --cached --others --exclude-standard | xargs -0 sha256sum 2>/dev/null || true; }
before=$(sums)
make -s gen
diff <(printf '%s\n' "$before") <(sums) || { echo 'generated files are stale: run make gen and commit'; exit 1; }
