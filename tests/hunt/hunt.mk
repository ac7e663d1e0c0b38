# The manipulation hunt: altered ceremonies, shown to the program and to a second verifier.

## Alter real ceremonies in thousands of ways; both verifiers must refuse each (build/hunt.txt; EVERY=10, ONLY=word)
.PHONY: hunt
EVERY ?= 1
ONLY  ?=
hunt: deps
	@$(MAKE) --no-print-directory $(BIN)/simrite-ceremony
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	  $(PYTHON) tests/hunt/hunt.py --every $(EVERY) --only "$(ONLY)" --list $(BUILD)/hunt.txt $(BIN)/simrite-ceremony "$$folder"
PYTHON ?= /usr/bin/python3
