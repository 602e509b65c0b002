# `make` prints what there is. Each line of help is the text after ## here.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# A real pretix of our own, beside any other that may run on this machine.
export PRETIX_RIG_PORT ?= 8351
FUZZTIME ?= 10s
POSITIONS ?= 10000 100000
KILLS ?= 1000
ARGS ?=

.PHONY: help demo test test-all check gen bench bench-scan bench-sync soak fuzz cover pretix pretix-down e2e truth image image-check hooks

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## bridge and scan proxy on this machine, with a pretend pretix and BigBlueButton
	go run ./app demo

test: ## fast tests: nothing but Go is needed
	go test ./...

test-all: ## everything, as a bare Debian 12 proves it: real pretix, PostgreSQL, Chromium (20 minutes)
	bash .ci/run

check: ## format, vet, staticcheck, shape of the house, generated files
	bash .ci/format.sh
	go vet ./...
	go tool -modfile=tools/go.mod staticcheck ./...
	go test .
	bash .ci/generated.sh

gen: ## write what is generated: option reference, import table
	@go test -run TestArchitecturePage . -update >/dev/null
	@go test -run TestConfigDoc ./app -update >/dev/null

bench: ## all benchmarks, as in docs/performance.md (ten minutes; ARGS=-bench=Crowd for some)
	go test -run '^$$' -bench . $(ARGS) ./...

bench-scan: ## the scan proxy over HTTP at 10,000 and 100,000 tickets (POSITIONS="10000 1000000" for others; ten minutes)
	EINLASS_BENCH_POSITIONS='$(POSITIONS)' go test ./app -run '^$$' -bench '^BenchmarkScan' -benchtime 200ms -timeout 3h $(ARGS)

bench-sync: ## the first synchronisation, its memory, and the time until a restarted proxy answers (ten minutes; POSITIONS=1000000: forty)
	EINLASS_BENCH_POSITIONS='$(POSITIONS)' go test ./app -run '^$$' -bench '^Benchmark(Sync|Restart)$$' -benchtime 1x -timeout 3h $(ARGS)

soak: ## the scan proxy is killed 1,000 times while it admits (KILLS=100 for fewer; ten minutes)
	EINLASS_SOAK_KILLS=$(KILLS) go test ./app -run '^TestKilledProxyForgetsNobody$$' -count 1 -timeout 3h -v $(ARGS)

fuzz: ## each fuzz target for FUZZTIME (10s)
	@FUZZTIME=$(FUZZTIME) bash .ci/fuzz.sh

cover: ## coverage by package; artifacts/cover.html shows the lines
	@mkdir -p artifacts
	go test -coverpkg=./... -coverprofile=artifacts/cover.out ./...
	@go tool cover -html=artifacts/cover.out -o artifacts/cover.html
	@go tool cover -func=artifacts/cover.out | tail -n 1

pretix: ## start a real pretix with seeded data (Python 3.11; three minutes the first time)
	@mkdir -p artifacts
	@e2e/rig/up >artifacts/rig.json
	@echo "pretix: http://127.0.0.1:$(PRETIX_RIG_PORT)   ids and tokens: artifacts/rig.json   stop it: make pretix-down"

pretix-down: ## stop that pretix
	@e2e/rig/down

e2e: ## the way in against a real pretix: a fresh one of ours, or EINLASS_PRETIX_URL and EINLASS_PRETIX_RIG
	@ARGS='$(ARGS)' bash e2e/run

truth: ## random scans and rules, judged by a real pretix and by us (SEED=7 SCENARIOS=500 for more)
	@SEED='$(SEED)' SCENARIOS='$(SCENARIOS)' STEPS='$(STEPS)' RULES='$(RULES)' bash e2e/truth/run

image: ## build the container image
	docker build --build-arg VERSION="$$(git describe --tags --always --dirty)" --tag einlass .

image-check: ## build and start the image's content without a container engine
	@bash .ci/image.sh

hooks: ## check what is committed, before it is committed
	git config core.hooksPath .githooks
