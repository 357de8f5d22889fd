# The two commands:  make bench  and  make test.  Each installs what is missing first; `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

SWIFT ?= swift
SOURCES := Sources Tests Examples Fuzz/Sources Fuzz/Package.swift Benchmarks/Sources Benchmarks/Package.swift Package.swift

# On a terminal SwiftPM shows one line that moves; in a log it would print a line a file.
PLAIN := $(shell [[ -t 1 ]] || echo --quiet)

comma := ,

define say
@printf '\n== %s\n' '$(1)'
endef

.PHONY: help setup bench peers test test-debug test-release consumer lint format sanitize fuzz clean \
	function function-test function-emulator function-bench wheel wheel-test test-leaf test-emulated test-emulated-swift sanitize-address sanitize-undefined sanitize-thread

help: ## What can be made
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: ## Install the system packages that are missing (Debian, Ubuntu; root or sudo)
	@Scripts/setup

# ---------------------------------------------------------------- measuring

bench: setup peers ## Build for release and print the table: every kernel beside its peers
	$(call say,Building for release)
	$(SWIFT) build -c release --product kernel-bench $(PLAIN)
	$(call say,This machine)
	@"$$($(SWIFT) build -c release --show-bin-path)/kernel-bench" machine
	$(call say,The kernels and their peers)
	@"$$($(SWIFT) build -c release --show-bin-path)/kernel-bench" run --quick

peers: ## Get the BLAS libraries to measure against into .build/peers (PyPI, once, about 1 GB)
	@Scripts/peers

# ---------------------------------------------------------------- rivals

.PHONY: rivals
rivals: ## The kernels beside their rivals of Debian and PyPI, into Benchmarks/Results and the README; ARGUMENTS="--lives 2"
	$(call say,The kernels and their rivals)
	@Benchmarks/Scripts/rivals run $(ARGUMENTS)

.PHONY: rivals-quick
rivals-quick: ## The same with one life of each program, in some minutes
	$(call say,The kernels and their rivals, in short)
	@Benchmarks/Scripts/rivals run --quick $(ARGUMENTS)

.PHONY: rivals-test
rivals-test: ## The scripts of Benchmarks, and whether the README's table is in step with its result
	$(call say,The scripts of Benchmarks)
	@python3 -m unittest discover --start-directory Benchmarks/Scripts --pattern 'test_*.py'
	@Benchmarks/Scripts/rivals table --check

.PHONY: gate
gate: setup ## This work tree beside its merge base with BASE (main): times, calls of malloc, instructions
	$(call say,The gate)
	@Benchmarks/Scripts/gate --base $(or $(BASE),main)

.PHONY: scaling
scaling: setup ## Benchmarks/Scaling.md: cost as the work grows, measured anew
	$(call say,Cost as the work grows)
	@Benchmarks/Scripts/scaling

.PHONY: docs
docs: ## The documentation of Kernels and KernelBenchmark into .build/docs; a warning stops it
	$(call say,Documentation)
	@Scripts/make-docs $(PLAIN)

# ---------------------------------------------------------------- testing

test: setup test-debug compile-release test-release lint ## Everything: tests in debug and in release, packages that depend on this one, style
	$(call say,All passed)

test-debug:
	$(call say,Tests in debug)
	$(SWIFT) test --disable-xctest $(PLAIN)

# A whole module compiled for release keeps one CPU busy: the packages that depend on this one compile theirs meanwhile. What they
# say comes when both are done.
.PHONY: compile-release
compile-release:
	$(call say,Tests in release are built$(comma) and packages that depend on this one by version)
	@mkdir -p .build; Scripts/check-consumer --quiet >.build/consumer.log 2>&1 & consumer=$$!; \
	built=0; $(SWIFT) test list -c release --disable-xctest $(PLAIN) >/dev/null || built=$$?; \
	passed=0; wait $$consumer || passed=$$?; cat .build/consumer.log; exit $$((built | passed))

test-release:
	$(call say,Tests in release)
	$(SWIFT) test -c release --disable-xctest $(PLAIN)

consumer: ## Build and run packages that depend on this one by version
	$(call say,Packages that depend on this one by version)
	@Scripts/check-consumer $(PLAIN)

function: setup ## Build Examples/Function/function.zip: five functions for a custom runtime, checked for what a host asks
	$(call say,Examples/Function/function.zip)
	@Scripts/make-function $(PLAIN)

function-test: setup ## Test those functions by a test double of their runtime API
	$(call say,The functions and their runtime)
	@Scripts/test-function $(PLAIN)

function-emulator: function ## Serve them to the Runtime Interface Emulator of aws-sam-cli (PyPI), on the loopback interface
	$(call say,The functions under the Runtime Interface Emulator)
	@Scripts/check-emulator

function-bench: setup ## Measure them beside the same functions in Python and Node: kernel-bench functions; ARGUMENTS="--quick"
	@Scripts/setup libpq-dev postgresql
	$(call say,The functions beside Python and Node)
	$(SWIFT) build -c release --product kernel-bench $(PLAIN)
	@"$$($(SWIFT) build -c release --show-bin-path)/kernel-bench" functions $(ARGUMENTS)

.PHONY: function-soak
function-soak: setup ## Serve good and bad events for ten minutes: growth, drift, life; ARGUMENTS="--seconds 60"
	@Scripts/setup libpq-dev postgresql
	$(call say,The functions under good and bad events)
	@Scripts/sample-functions --soak 600 $(ARGUMENTS)

.PHONY: database-test
database-test: setup ## Test the function with a pooled connection to PostgreSQL, over real servers that the tests start
	@Scripts/setup libpq-dev postgresql
	$(call say,The function with a database)
	@Scripts/test-database $(PLAIN)

wheel: setup ## Build Python/dist/kernels-….whl: the kernels for Python, in one file that pip installs
	$(call say,Python/dist)
	@Scripts/make-wheel $(PLAIN)

wheel-test: wheel ## Install that wheel and test it from Python, where there is no compiler
	$(call say,The wheel from Python)
	@Scripts/test-wheel

.PHONY: spark-test
spark-test: wheel ## Test that wheel on Spark (PyPI, OpenJDK 17): locally, and two workers in network namespaces, some of which die
	$(call say,The wheel on Spark)
	@Scripts/test-spark

.PHONY: ray-test
ray-test: wheel ## Test that wheel on Ray (PyPI): two nodes on this machine, and workers that die
	$(call say,The wheel on Ray)
	@Scripts/test-ray

test-leaf: ## The C leaf alone, in plain C, as far as this CPU goes
	$(call say,The C leaf on this CPU)
	@Scripts/test-leaf

test-emulated: setup test-leaf ## The rows that this CPU cannot run, emulated: AVX-512 in Bochs, Arm under QEMU (Debian; many minutes)
	@Scripts/emulate/arm64 --setup
	$(call say,The C leaf on an emulated Arm)
	@Scripts/test-leaf arm64
	@Scripts/emulate/avx512 --setup
	$(call say,The C leaf on an emulated AVX-512)
	@Scripts/test-leaf avx512
	@$(MAKE) --no-print-directory test-emulated-swift

# The tests that go through the tables' rows and take no longer than minutes at some 50 million instructions a second.
EMULATED ?= GemmDispatchTests|GemmSpecialValuesTests|EpilogueTests|QuantizedGemmTests|HashTests|HashBatchTests

test-emulated-swift: ## The Swift tests of the tables, or those that EMULATED=REGEX names, in release on an emulated AVX-512
	@Scripts/emulate/avx512 --setup
	$(call say,Swift tests on an emulated AVX-512)
	$(SWIFT) test list -c release $(PLAIN) >/dev/null
	Scripts/emulate/avx512 "$$($(SWIFT) build -c release --show-bin-path)/kernelsPackageTests.xctest" \
		--testing-library swift-testing --filter '$(EMULATED)'

sanitize: setup sanitize-address sanitize-undefined sanitize-thread ## The tests under the address, undefined and thread sanitizers
	$(call say,No sanitizer found anything)

# gold, the default linker, warns of every entry point of the address sanitizer. XCTest, which runs no test here, leaks.
FLAGS-address := --sanitize=address -Xswiftc -use-ld=lld
# Swift has no such sanitizer on Linux and traps by itself; the C leaf traps too, where the code is undefined.
FLAGS-undefined := -Xcc -fsanitize=undefined -Xcc -fsanitize-trap=undefined
FLAGS-thread := --sanitize=thread

sanitize-address sanitize-undefined sanitize-thread: sanitize-%:
	$(call say,Tests under the $* sanitizer)
	$(SWIFT) build --build-tests --scratch-path .build-$* $(FLAGS-$*) $(PLAIN)
	KERNELS_SANITIZER=$* LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leaks.supp:print_suppressions=0 \
		$(SWIFT) test --skip-build --disable-xctest --scratch-path .build-$* $(FLAGS-$*) $(PLAIN)

# What parses untrusted bytes; seconds for each of them, one after the other. A finding stops it.
FUZZ_TARGETS ?= inflate png json jsonplan aggregation arrow sketches encodings
FUZZ_SECONDS ?= 20

fuzz: setup ## Fuzz the parsers: FUZZ_SECONDS (20) for each of FUZZ_TARGETS
	@Scripts/fuzz $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# ---------------------------------------------------------------- habits

lint: ## Check the Swift style
	$(call say,Style)
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

format: ## Apply the Swift style
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

clean: ## Remove what was built; the peers stay
	find .build Benchmarks/.build .build-address .build-undefined .build-thread Fuzz/.build Examples/.build -mindepth 1 -maxdepth 1 ! -name peers ! -name venv -exec rm -rf {} + 2>/dev/null || true
