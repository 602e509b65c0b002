#!/usr/bin/env bash
# Installs what the tests need and this machine lacks. Says nothing to apt when nothing is missing.
set -euo pipefail

missing=()
need() { command -v "$1" >/dev/null || missing+=("$2"); }
need_package() { dpkg -s "$1" 2>/dev/null | grep -q '^Status: install ok installed' || missing+=("$1"); }

need git git
need make make
need gcc gcc # the race detector links with it
need_package libc6-dev
need ip iproute2
need chromium chromium
need_package fonts-dejavu-core # without a font Chromium draws boxes
need_package fonts-liberation
need_package ca-certificates
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || missing+=(python3 python3-venv)

if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  apt-get -qq -y install --no-install-recommends "${missing[@]}"
fi
go version | grep -q ' go1\.26' || { echo "Go 1.26 is needed, found: $(go version)"; exit 1; }
