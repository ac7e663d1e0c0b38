# The manipulation hunt: altered ceremonies, shown to the program and to a second verifier.

## Alter real ceremonies in thousands of ways; both verifiers must refuse each (build/hunt.txt; EVERY=10, ONLY=word)
.PHONY: hunt
EVERY ?= 1
ONLY  ?=
hunt: deps
	@$(MAKE) --no-print-directory all
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	  $(BIN)/simrite-sim run --cards 2 --profile blank -- $(PYTHON) tests/hunt/hunt.py --cards --every $(EVERY) --only "$(ONLY)" --list $(BUILD)/hunt.txt $(BIN)/simrite-ceremony "$$folder"
PYTHON ?= /usr/bin/python3
