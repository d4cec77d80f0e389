# Everything a newcomer needs: `make drill` and `make test`. Both install what is missing and build.

SWIFT ?= swift
EQM = .build/release/eqm-replay
OUT ?= .build/drill

.PHONY: drill test build libraries lint format clean

# The main job on a fixture: five steps, compared with the root that the live engine's state has. Exit status 0 is PASSED.
drill: build
	$(EQM) drill fixtures/runbook-small.json --out $(OUT) \
	  --expect-state-root e71eeb98528423cb721b004f2ddffa7bf235ae8de4c1835b30b5ddcd0f62671f

test: libraries
	$(SWIFT) test -c release --disable-xctest

build: libraries
	$(SWIFT) build -c release --product eqm-replay

libraries:
	.ci/install-system-libraries

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

clean:
	$(SWIFT) package clean
