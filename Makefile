# Maillage. `make` alone lists the targets.
GO      ?= go
LINT    := bin/golangci-lint
ADDRESS ?= localhost:8080

.PHONY: help run test assets build lint bench fmt generate

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

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
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || echo "left out: browser tests, no Chromium found"
	bin/withpostgres $(GO) test ./...

lint: $(LINT) ## Check formatting, vet and the linters of .golangci.yml
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(LINT) run ./...

$(LINT): tools/go.mod tools/go.sum
	cd tools && $(GO) build -o ../$(LINT) github.com/golangci/golangci-lint/v2/cmd/golangci-lint

bench: ## Run the benchmarks (slow; figures and their meaning are in docs/)
	$(GO) test -run '^$$' -bench . -benchtime 2s ./...

fmt: ## Format the Go code
	gofmt -w $$(git ls-files '*.go')

generate: ## Write the embedded tables again from the sample data (MAILLAGE_SAMPLES)
	$(GO) generate ./...
