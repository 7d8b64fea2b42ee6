# The commands of the house. `make` lists them.

GO     ?= go
TOOL    = $(GO) tool -modfile=tools/go.mod
NEO4JDEV = ./store/neo4j/neo4jtest/cmd/neo4jdev
DOCUMENTS_DIR ?= $(if $(wildcard ../shared/documents),../shared/documents)
export DOCUMENTS_DIR := $(if $(DOCUMENTS_DIR),$(abspath $(DOCUMENTS_DIR)))

.PHONY: help run test neo4j check format vet generate generated verify fuzz bench bench-scale golden ids

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: ## serve the graph on http://localhost:8080 (PORT=… for another port)
	@$(GO) run .

test: ## run every test; says what it left out
	@test -n "$(DOCUMENTS_DIR)" || echo "LEFT OUT: no folder of document texts (DOCUMENTS_DIR): evidence is not looked for"
	@$(GO) run $(NEO4JDEV) -check || test -z "$(REQUIRE_NEO4J)"
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "LEFT OUT: calendars are not read back in JavaScript; install Node.js 20 with npm"; test -z "$(REQUIRE_NODE)"; }
	$(GO) test -timeout 20m ./...

neo4j: ## keep a Neo4j running on bolt://127.0.0.1:7687, with the graph loaded
	$(GO) run $(NEO4JDEV) -- $(GO) run . load

# What waits for a Neo4j has run in `make test`: there the race detector would watch the waiting.
check: format vet generated verify ## what CI runs: format, vet, staticcheck, generate and compare, verify, tests with the race detector
	$(GO) test -race -timeout 20m -skip '/neo4j$$|Neo4j|LoadAndServe|GraphModel' $$($(GO) list ./... | grep -v /store/neo4j)

format: ## fail where gofumpt would change a file
	@out=$$($(TOOL) gofumpt -l $$(git ls-files --cached --others --exclude-standard '*.go' | grep -v '^graph/generated.go$$')); \
	test -z "$$out" || { echo "not formatted; run: go tool -modfile=tools/go.mod gofumpt -w ."; echo "$$out"; exit 1; }

vet: ## go vet and staticcheck
	$(GO) vet ./...
	$(TOOL) staticcheck ./...

generate: ## make the generated code anew
	$(TOOL) gqlgen generate
	$(GO) generate ./...

generated: generate ## fail where the generated code is not what is committed
	@test ! -e models_gen.go || { echo "models_gen.go: a type of the schema has no Go type in graph/ or un/"; exit 1; }
	@git diff --exit-code --stat -- graph/generated.go un/fold_table.go || { echo "generated code differs: commit what make generate made"; exit 1; }

verify: ## check the facts, and their evidence where the documents are
	@test -n "$(DOCUMENTS_DIR)" || echo "make verify: no folder of document texts (DOCUMENTS_DIR): evidence is not looked for"
	$(GO) run . verify $(if $(DOCUMENTS_DIR),-documents "$(DOCUMENTS_DIR)")

ids: ## add the ids of new facts to data/ids.txt, where every id stays for ever
	$(GO) run . verify -data data -ids

golden: ## write the golden files anew; look at the difference before you commit it
	$(GO) test . -run 'Golden|README|QualityPage' -update
	$(GO) test ./calendar -run Golden -update
	$(GO) test ./store/neo4j -run GoldenStatements -update

fuzz: ## run each fuzz target for FUZZTIME (20s)
	@for p in $$($(GO) list ./...); do for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
		echo "$$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-20s} -fuzzminimizetime 1s $$p || exit 1; done; done

bench: ## measure the typical nested query against plain net/http writing the same bytes
	$(GO) test ./bench -run '^$$' -bench . -benchtime 2s -count 3

bench-scale: ## measure both stores on graphs of 1,000 to 100,000 nodes and write bench/RESULTS.md (8 minutes; needs java and mvn)
	$(GO) run ./bench/scale
