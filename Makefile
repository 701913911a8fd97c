# Everything that is run often, one line each in `make help`. CI installs what is missing (.ci/run) and runs `make ci`.
GO   ?= go
LINT := $(GO) tool -modfile=.ci/tools/go.mod golangci-lint
MVN  ?= mvn

# The folders of tests that mention a word.
tests_with = $(sort $(dir $(shell grep -rl --include='*_test.go' '$(1)' .)))

# What `make generate` writes.
GENERATED := docs/STEPS.md .kafkaspec/steps.rb steps/builtin/catalogue.json docs/when-it-fails.md
PARTITIONS := fixtures/partitions

.NOTPARALLEL:
.PHONY: help test lint race schedules handovers ends kills kafka registry local versions clients vscode cucumber suites examples conformance crashes mutants proof pictures golden generate check-generated vulnerabilities notices platforms manifests release partitions-golden bench bench-peers bench-go ci

help: ## list the targets, and the variables that change what the tests do
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 24
	@echo; sed -n 's|^\t.*= "\(KAFKASPEC_[A-Z_]*\)" *// |\1\t|p' internal/testenv/testenv.go | expand -t 24

test: ## run all tests on the embedded broker: those of a plain go test ./..., and the long ones
	KAFKASPEC_LONG=1 $(GO) test ./...

lint: ## check format, lengths, go.mod, vet and golangci-lint
	@files=$$(gofmt -l .); [ -z "$$files" ] || { echo "not formatted, run gofmt -w on:" $$files; exit 1; }
	.ci/lengths
	$(GO) mod tidy -diff
	cd examples/own-steps && $(GO) mod tidy -diff && $(GO) vet ./...
	cd deploy && $(GO) mod tidy -diff && $(GO) vet ./...
	$(GO) vet ./...
	$(LINT) run

# A program under the race detector waits at its end for races that are still going on: for a second, unless it is told.
# Each package's tests are such a program, and most of what they start. Tests wait a quarter of the time, so three
# packages take turns on two processors.
RACE := GORACE="atexit_sleep_ms=50 $(GORACE)"

race: ## run the tests under the race detector, but for those that do the same again on more input
	$(RACE) $(GO) test $(VET) -race -short -p $$(( 3 * $$(getconf _NPROCESSORS_ONLN) / 2 )) -timeout 15m ./...
	$(GO) vet -race ./internal/testenv

schedules: ## run 200 random schedules of passing faults on correct applications
	KAFKASPEC_SCHEDULES=200 $(GO) test -count=1 -timeout 30m -parallel 4 -run TestSchedules ./features

crashes: ## run the applications that keep state through 50 random schedules of crashes, pauses and rebalances each
	KAFKASPEC_SCHEDULES=50 $(GO) test -count=1 -timeout 60m -run 'TestCrashes$$' ./features

# KAFKASPEC_CLUSTER=local:3 has them on three brokers.
handovers: clients ## hand partitions over 200 times with each client under each protocol of groups: nothing may be found
	KAFKASPEC_CLIENTS=$(CURDIR)/$(CLIENTS) KAFKASPEC_PYTHON=$(CURDIR)/.cache/python/bin/python3 \
		KAFKASPEC_HANDOVERS=200 $(GO) test -count=1 -timeout 120m -run TestHandovers -v ./features

ends: ## judge applications that end by themselves 1000 times each: the verdict must be the same each time
	KAFKASPEC_ENDS=1000 $(GO) test -count=1 -timeout 30m -run TestEndsAreSeen ./runner

kills: ## kill kafkaspec 200 times at random moments, with three brokers, a registry, PostgreSQL and children: nothing may be left
	KAFKASPEC_LOCAL=1 KAFKASPEC_KILLS=200 $(GO) test -count=1 -timeout 90m -run TestKilledAnytime ./cmd/kafkaspec

kafka: ## fetch Apache Kafka into the cache (Java 17 and Maven needed)
	$(GO) run ./cmd/kafkaspec kafka

registry: ## fetch Apicurio Registry into the cache (Java 17 and Maven needed)
	$(GO) run ./cmd/kafkaspec registry

# The database of make local: PostgreSQL where it is installed.
LOCAL_DATABASE ?= $(if $(or $(shell command -v postgres),$(wildcard /usr/lib/postgresql/*/bin/postgres)),postgres,sqlite)

# Brokers write to the disk before they say that a topic is made. Where the system has 8 GiB free in memory, and lets
# programs be run from there, their folders are in memory.
MEMORY := $(shell mount 2>/dev/null | grep ' on /dev/shm ' | grep -qv noexec && \
	df -Pk /dev/shm | awk 'NR == 2 && $$4 > 8 * 1024 * 1024 { print "/dev/shm" }')

ON_KAFKA = $(if $(MEMORY),TMPDIR=$(MEMORY)) KAFKASPEC_LOCAL=1 KAFKASPEC_CLUSTER=local:3 KAFKASPEC_DATABASE=$(LOCAL_DATABASE)

# What asks testenv for real servers. Of large packages only those tests are run again, which stand in files that do;
# of the others all, since helpers ask there.
NEEDS_SERVERS := testenv\.\(NeedLocal\|Local\|Cluster\)
LARGE         := ./cmd/kafkaspec/ ./runner/ ./steps/builtin/
LARGE_TESTS    = $(shell grep -l '$(NEEDS_SERVERS)' $(addsuffix *_test.go,$(LARGE)) | xargs grep -oh '^func Test[A-Za-z]*' | cut -c6-)
empty         :=
space         := $(empty) $(empty)

local: kafka registry ## run the tests that need real Apache Kafka, Apicurio Registry or PostgreSQL, and the features on three brokers
	@[ "$(LOCAL_DATABASE)" = postgres ] || echo "PostgreSQL is not installed: the features run on SQLite only"
	KAFKASPEC_LONG=1 $(ON_KAFKA) $(GO) test $(VET) -count=1 -timeout 20m ./features
	$(ON_KAFKA) $(GO) test $(VET) -count=1 -short -timeout 20m $(filter-out ./features/ $(LARGE),$(call tests_with,$(NEEDS_SERVERS)))
	$(ON_KAFKA) $(GO) test $(VET) -count=1 -short -timeout 20m -run '^($(subst $(space),|,$(strip $(LARGE_TESTS))))$$' $(LARGE)

VERSIONS ?= 4.0.0,4.0.2,4.1.2,4.2.2,4.3.1,4.4.0

versions: ## run a few scenarios on VERSIONS of Apache Kafka, each of which is fetched once
	KAFKASPEC_VERSIONS=$(VERSIONS) $(GO) test -count=1 -timeout 20m -run TestVersions -v ./features

CLIENTS      := .cache/clients
NODE_CLIENTS := kafkajs@2.2.4 @platformatic/kafka@1.35.0

clients: bench-peers ## fetch clients of all kinds into the cache (Node, JDK 17 and Maven needed)
	npm install --silent --no-audit --no-fund --prefix $(CLIENTS)/node $(NODE_CLIENTS) axe-core@4.14.1 \
		@cucumber/messages@34.2.1 @cucumber/html-formatter@24.2.0
	for v in 2.8.2 3.9.1 4.3.1 4.4.0; do $(MVN) -q -B -f fixtures/clients/pom.xml -Dkafka.version=$$v dependency:copy-dependencies \
		-DoutputDirectory=$(CURDIR)/$(CLIENTS)/java-$$v || exit 1; done
	$(MVN) -q -B -f fixtures/clients/spring/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(CLIENTS)/spring

vscode: ## fetch a VS Code server into the cache, and try kafkaspec lsp in it (Node and Chromium needed)
	npm install --silent --no-audit --no-fund --prefix $(CLIENTS)/vscode/node node@22.23.3
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(CLIENTS)/vscode/server code-server@4.117.0
	npm install --silent --no-audit --no-fund --ignore-scripts --omit=dev \
		--prefix $(CLIENTS)/vscode/server/node_modules/code-server/lib/vscode
	npm install --silent --no-audit --no-fund --prefix $(CLIENTS)/vscode/client vscode-languageclient@9.0.1
	KAFKASPEC_CLIENTS=$(CURDIR)/$(CLIENTS) $(GO) test -count=1 -v -run TestVSCode ./cmd/kafkaspec

cucumber: ## fetch the language server of the Cucumber extension, and open a folder of kafkaspec init in it (Node needed)
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(CLIENTS)/cucumber @cucumber/language-server@1.7.0
	KAFKASPEC_CLIENTS=$(CURDIR)/$(CLIENTS) $(GO) test -count=1 -v -run TestCucumberExtension ./cmd/kafkaspec

suites: ## fetch pytest and JUnit, and run the suites of the examples that steer the broker (Python, JDK 17 and Maven needed)
	python3 -m venv .cache/python && .cache/python/bin/python3 -m pip install -q --disable-pip-version-check pytest confluent-kafka
	$(MVN) -q -B -f examples/junit/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(CLIENTS)/junit
	KAFKASPEC_CLIENTS=$(CURDIR)/$(CLIENTS) KAFKASPEC_PYTHON=$(CURDIR)/.cache/python/bin/python3 \
		$(GO) test -count=1 -v -run 'TestSuiteOf' ./cmd/kafkaspec

examples: bench-peers suites ## fetch what the examples need into the cache, and run them all, and the tutorials (Python, Node, JDK 17 and Maven needed)
	npm install --silent --no-audit --no-fund --prefix $(CLIENTS)/node $(NODE_CLIENTS)
	$(MVN) -q -B -f examples/java/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(CLIENTS)/java-4.4.0
	$(MVN) -q -B -f examples/streams/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(CLIENTS)/streams
	$(MVN) -q -B -f examples/spring/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(CLIENTS)/spring-boot
	KAFKASPEC_CLIENTS=$(CURDIR)/$(CLIENTS) KAFKASPEC_PYTHON=$(CURDIR)/.cache/python/bin/python3 \
		$(GO) test -count=1 -timeout 30m -v -run 'TestExamples|TestPythonStandsIn' ./features
	KAFKASPEC_CLIENTS=$(CURDIR)/$(CLIENTS) $(GO) test -count=1 -timeout 20m -v -run TestTutorials ./cmd/kafkaspec
	cd examples/own-steps && $(GO) test -count=1 ./...

conformance: clients ## run the table of docs/clients.md with clients of all kinds, on Apache Kafka too
	KAFKASPEC_CLIENTS=$(CURDIR)/$(CLIENTS) KAFKASPEC_PYTHON=$(CURDIR)/.cache/python/bin/python3 KAFKASPEC_LOCAL=1 \
		$(GO) test -count=1 -timeout 60m ./internal/clients

MUTANTS ?= 150
MUTANTS_SEED ?= 1

mutants: ## break the product by MUTANTS (150) small changes, and say which ones nothing notices; Ctrl-C, and go on later
	$(GO) run ./internal/mutants -known
	$(GO) run ./internal/mutants -count $(MUTANTS) -seed $(MUTANTS_SEED) pkg/reference/...
	$(GO) run ./internal/mutants -count $$(( $(MUTANTS) * 2 / 3 )) -seed $(MUTANTS_SEED) pkg/verdict pkg/membership pkg/wire

PROOF_CHECKS ?= 10000

proof: ## plant PROOF_CHECKS (10000) anomalies of each kind into valid histories, for every judge
	$(GO) test -count=1 -timeout 60m $(call tests_with,pgregory.net/rapid) -rapid.checks=$(PROOF_CHECKS)

pictures: ## plant failures, and take the pictures of the report in docs/when-it-fails.md again (Chromium needed)
	KAFKASPEC_LONG=1 KAFKASPEC_PICTURES=$(CURDIR)/docs/failures $(GO) test -count=1 -run TestFailuresAreExplained ./features
	folder=$$(mktemp -d) && KAFKASPEC_PICTURES=$$folder $(GO) test -count=1 -run 'TestTimeline$$|TestThemes' ./runner/page && \
		cp $$folder/report-light.png $$folder/report-dark.png docs/ && rm -r $$folder

golden: ## rewrite the golden files; read the difference before you commit it
	$(GO) test -count=1 $(call tests_with,"update") -update

generate: ## rewrite what is generated from the steps: the catalogue, and what the Cucumber extension reads
	$(GO) generate ./...
	$(GO) run ./cmd/kafkaspec steps --glue

check-generated: ## fail when make generate would change something
	@before=$$(mktemp -d) && trap 'rm -r "$$before"' EXIT && tar -cf - $(GENERATED) | tar -xf - -C "$$before" && \
	$(MAKE) --no-print-directory generate && old= && \
	for f in $(GENERATED); do cmp -s $$f "$$before/$$f" || old="$$old $$f"; done && \
	[ -z "$$old" ] || { echo "not current:$$old; commit what make generate wrote"; exit 1; }

vulnerabilities: ## look for known vulnerabilities in what is used, where their database can be reached
	@GO=$(GO) .ci/vulnerabilities

notices: ## write THIRD_PARTY_NOTICES, which those who ship a binary must ship with it
	$(GO) run ./internal/notices > THIRD_PARTY_NOTICES

# Every system that is released but the one of CI itself. Go compiles what only others have there, which no test does.
PLATFORMS ?= darwin/arm64 windows/amd64

platforms: ## check that everything compiles on other systems
	$(GO) run ./internal/platforms $(PLATFORMS)

release: ## build what a release has into dist: an archive for each system, and SHA256SUMS
	GO=$(GO) .ci/release

partitions-golden: ## rewrite the table of partitions with Kafka's Java client (JDK 17 and Maven needed)
	$(MVN) -q -B -f $(PARTITIONS)/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/.cache/partitions
	java -cp '.cache/partitions/*' $(PARTITIONS)/PartitionTable.java > $(PARTITIONS)/partitions.csv

bench: ## compare kafkaspec with its peers, a quarter of an hour: bench/out/benchmarks.md and .json (BENCH=-quick for a glance)
	$(GO) run ./cmd/bench $(BENCH)

# Clients, and the codecs that they leave to other packages.
PYTHON_CLIENTS := confluent-kafka kafka-python aiokafka lz4 zstandard python-snappy cramjam fastavro

bench-peers: ## install the Python clients that make bench compares with and make conformance tries, into .cache/python
	python3 -m venv .cache/python && .cache/python/bin/python3 -m pip install -q --disable-pip-version-check $(PYTHON_CLIENTS)

bench-go: ## run all Go benchmarks
	$(GO) test -run '^$$' -bench . -benchtime 3s $(call tests_with,^func Benchmark)

manifests: ## check the manifests under deploy/ as Kubernetes and kustomize read them
	cd deploy && $(GO) test -count=1 ./...

# make lint has vetted everything by then, with all that go test would look for and more; with other flags of the compiler
# all dependencies would be vetted anew. Only testenv has a file that make lint does not see.
ci: VET := -vet=off
ci: check-generated lint vulnerabilities platforms manifests race local test ## everything CI runs, in its order
