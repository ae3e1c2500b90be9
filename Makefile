# Maillage. `make` alone lists the targets.
GO      ?= go
LINT    := bin/golangci-lint
ADDRESS ?= localhost:8080

.PHONY: help run test assets build lint bench bench-market bench-notices bench-match realdata fmt generate

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: assets build ## Install what is needed, then serve the demonstration on http://localhost:8080
	bin/maillage serve --demo --address $(ADDRESS)

build: ## Build bin/maillage
	$(GO) build -o bin/maillage ./cmd/maillage

assets: web/assets/dist/.built ## Install the page assets (npm ci) and bundle them

web/assets/dist/.built: web/assets/package.json web/assets/package-lock.json $(wildcard web/assets/*.js web/assets/*.mjs web/assets/*.css web/assets/src/*)
	cd web/assets && npm ci --no-audit --no-fund && npm run --silent build
	@touch $@

test: ## Run every test that passes here without installing more; says what is left out
	@$(GO) build -o bin/withpostgres ./internal/testkit/withpostgres
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || echo "left out: browser tests, no Chromium found"
	@test -f web/assets/node_modules/axe-core/axe.min.js || echo "left out: accessibility by axe-core, run make assets"
	@test -f web/assets/node_modules/highs/build/highs.mjs || echo "left out: linear programs against HiGHS, run make assets"
	@test -f web/assets/node_modules/xmllint-wasm/package.json || echo "left out: metadata of releases by ajv and xmllint, run make assets"
	@test -f "$${MAILLAGE_SAMPLES:-../shared/data}/territories/communes.csv" || echo "left out: tests on the sample data, set MAILLAGE_SAMPLES"
	bin/withpostgres $(GO) test -timeout 15m ./...

lint: $(LINT) ## Check formatting, vet and the linters of .golangci.yml
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(LINT) run ./...

$(LINT): tools/go.mod tools/go.sum
	cd tools && $(GO) build -o ../$(LINT) github.com/golangci/golangci-lint/v2/cmd/golangci-lint

bench: ## Run the benchmarks (slow; figures and their meaning are in docs/)
	$(GO) test -run '^$$' -bench . -benchtime 2s ./...

bench-market: ## Ask the engine and PostgreSQL for the same lots of 100,000 enterprises, and print the ratios
	MAILLAGE_BENCH_MARKET=1 $(GO) test ./matching/engine -run BenchMarket -v -count 1 -timeout 20m

bench-notices: ## Import 100,000 synthetic notices and match them on both engines (COUNT=10000: fewer)
	$(GO) build -o bin/withpostgres ./internal/testkit/withpostgres
	MAILLAGE_BENCH_NOTICES=$(or $(COUNT),100000) bin/withpostgres $(GO) test ./cmd/maillage -run BenchNotices -v -count 1 -timeout 60m

bench-match: ## Ask 500 positions of a million people, of the index and of PostGIS beside it (COUNT=100000: fewer)
	MAILLAGE_BENCH_MATCH=$(or $(COUNT),1000000) $(GO) test ./cmd/maillage -run BenchMatch -v -count 1 -timeout 30m

realdata: ## Import the sample data on both engines and print the figures of docs/real-data.md
	$(GO) build -o bin/withpostgres ./internal/testkit/withpostgres
	MAILLAGE_TEST_REALDATA=1 bin/withpostgres $(GO) test ./cmd/maillage -run RealData -v -count 1 -timeout 30m

fmt: ## Format the Go code
	gofmt -w $$(git ls-files '*.go')

generate: ## Write the embedded tables again from the sample data (MAILLAGE_SAMPLES)
	$(GO) generate ./...
