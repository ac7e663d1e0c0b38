# What the scripts of tests/sim need beside the programs: small PC/SC clients.

SIM_CLIENTS := $(patsubst tests/sim/%.c,$(BUILD)/tests/sim/%,$(sort $(wildcard tests/sim/*.c)))

$(BUILD)/tests/sim/%: $(OBJ)/tests/sim/%.o
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $< $(LINK) $(HOST_LIBS) -o $@

test-built: $(SIM_CLIENTS) $(BUILD)/native/card

## Run every scenario and write docs/scenarios.md: expected and measured
.PHONY: scenarios
scenarios: deps
	@$(MAKE) --no-print-directory all backdoors
	@python3 tests/sim/scenarios.py $(BIN)/simrite $(BUILD)/scenarios >docs/scenarios.md.new && mv docs/scenarios.md.new docs/scenarios.md
