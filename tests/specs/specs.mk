# docs/specs.md, from the sources.

## Write docs/specs.md: which clauses are in the card, and the tests that prove them
.PHONY: specs docs
specs docs:
	@python3 tests/specs/specs.py >docs/specs.md.new && mv docs/specs.md.new docs/specs.md
