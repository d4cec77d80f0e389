# Everything a newcomer needs: `make drill` and `make test`. Both install what is missing and build.

SWIFT ?= swift
EQM = .build/release/eqm-replay
OUT ?= .build/drill-evidence

# What the program says that it was built from.
export EQM_BUILD_REVISION ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

.PHONY: drill test test-threads build install uninstall stress bench gate gate-record heavy bench-smoke libraries test-tools lint format clean

# Tests are of the same build as the program: with testable imports, which nothing has, everything would be compiled twice.
BUILT_ALIKE = --disable-testable-imports

# The main job on a fixture: five steps, compared with the root that the live engine's state has. Exit status 0 is PASSED.
drill: build
	$(EQM) drill fixtures/runbook-small.json --out $(OUT) \
	  --expect-state-root e71eeb98528423cb721b004f2ddffa7bf235ae8de4c1835b30b5ddcd0f62671f

test: libraries test-tools
	$(SWIFT) test -c release --disable-xctest $(BUILT_ALIKE)

# Small logs under random schedules, watched by the thread sanitizer: a build of its own.
test-threads: libraries
	EQM_REPLAY_SCHEDULES_ONLY=1 $(SWIFT) test -c release --disable-xctest $(BUILT_ALIKE) --sanitize=thread --scratch-path .build-thread --filter ScheduleTests

build: libraries
	$(SWIFT) build -c release --product eqm-replay

# Program, manual, completions, units, rules: `make install PREFIX=/usr/local DESTDIR=`. Deploy/README.md says what to do then.
# Builds only what is missing: root, who installs, may have no Swift.
install: $(EQM)
	EQM=$(EQM) Deploy/install

$(EQM):
	$(MAKE) build

uninstall:
	Deploy/install --uninstall

libraries:
	.ci/install-system-libraries

# Other implementations of what tests compare with, from Debian and PyPI: some hundred megabytes, which `make drill` does without.
test-tools: libraries
	.ci/install-system-libraries tests
	.ci/install-test-tools

# Measurements. A wrong root fails them, a slow replay does not; logs are kept in $TMPDIR/eqm-replay-bench(marks).
BENCH = $(SWIFT) run -c release --package-path Benchmarks replay-benchmarks
SMOKE = --scale 0.001 --runs 1 --discard

# The README's table and pictures: named workloads by every engine; curves, which take most of the time.
bench: build
	$(EQM) bench run vm-trace small-content large-content recorded hot-object epoch-storm many-nodes --markdown
	$(EQM) bench curves -o Benchmarks/results --force

# What a replay takes for an entry, counted by valgrind, beside what it took when the baseline was recorded: `make gate-record`, after
# a change that is meant.
BASELINE = Benchmarks/baseline.json

gate: build
	$(EQM) bench gate --baseline $(BASELINE)

gate-record: build
	$(EQM) bench gate --baseline $(BASELINE) --record --force

# Every fixture under 200 random schedules, and every pair of workers and partitions.
stress: build
	set -e; for log in fixtures/*.jsonl.lz4 fixtures/runbook-*.json fixtures/recorded-events.json.lz4 fixtures/runbook-20k.json.lz4; do \
	  profile=runbook; case $$log in *drill-profile*) profile=drill;; esac; echo "$$log"; \
	  $(EQM) stress "$$log" --workers 1,2,3,8 --partitions 1,16,256 --seeds 200 --profile $$profile -q; done

# Besides: the tests that repeat with other seeds and shapes, all of them; schedules, hot objects, memory, ten million entries, an
# archive of twenty million in 1 GiB, 500 corruptions found, a snapshot of a million objects, what metrics, progress and
# serving cost, in instructions too where valgrind is installed.
heavy: stress bench
	HEAVY_TESTS=1 $(SWIFT) test -c release --disable-xctest $(BUILT_ALIKE) --filter 'ReplayPipelineTests|DivergenceTests|VectorTests|ArchiveTests'
	$(BENCH) skew
	$(BENCH) memory --runs 3
	$(BENCH) scaling --runs 3 --discard
	$(BENCH) limit --runs 1 --discard
	$(BENCH) bisect
	$(BENCH) snapshots --runs 3
	$(BENCH) operations --runs 9
	$(EQM) generate -o .build/counted.jsonl --entries 200000 --force -q && Benchmarks/count-instructions .build/counted.jsonl

# All of them, small: that they build and that roots are right, not how fast anything is.
bench-smoke: build
	$(EQM) bench run tiny --runs 1
	$(EQM) bench curves -o .build/curves --scale 0.0001 --runs 1 --discard --force
	$(BENCH) skew $(SMOKE)
	$(BENCH) memory $(SMOKE)
	$(BENCH) scaling $(SMOKE)
	$(BENCH) limit $(SMOKE)
	$(BENCH) bisect $(SMOKE) --corruptions 20
	$(BENCH) snapshots $(SMOKE)
	$(BENCH) operations $(SMOKE)

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

clean:
	$(SWIFT) package clean
