# How fast, compared with the least that PC/SC allows.

FLOOR := $(BUILD)/tests/bench/libifdfloor.so

$(FLOOR): $(OBJ)/sim/reader/ifd.o $(OBJ)/sim/reader/answers.o $(OBJ)/tests/bench/floor.o sim/reader/exports.map
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) -shared $(filter %.o,$^) $(LINK) -Wl,--version-script=sim/reader/exports.map -lpthread -o $@

# In bin's place, from where the driver is found.
$(BUILD)/tests/bench_pcsc: $(OBJ)/tests/bench/bench.o $(LIB)/libsim.a $(LIB)/libsimrite.a $(LIB)/libpure.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LINK) $(HOST_LIBS) -o $@

$(BUILD)/tests/milenage: $(OBJ)/tests/bench/milenage.o $(LIB)/libpure.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LINK) $(HOST_LIBS) -o $@

test-built: $(BUILD)/tests/milenage

$(BUILD)/tests/search: $(OBJ)/tests/bench/search.o $(LIB)/libsim.a $(LIB)/libpure.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LINK) $(HOST_LIBS) -o $@

## Measure the card over PC/SC against a driver that answers at once, count Milenage's instructions, and the keys a search tries
.PHONY: bench
bench: deps
	@$(MAKE) --no-print-directory all $(FLOOR) $(BUILD)/tests/bench_pcsc $(BUILD)/tests/milenage $(BUILD)/tests/search
	@$(BUILD)/tests/bench_pcsc $(FLOOR) $(BUILD)/bench.json && sh tests/bench/milenage.sh $(BUILD)/tests/milenage && $(BUILD)/tests/search

$(BUILD)/tests/bench/hsm_time.so: $(OBJ)/tests/bench/hsm_time.o
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) -shared $^ $(LINK) -ldl -o $@

## Make COUNT=1000 cards by each method under a ceremony's tickets, and say what the time goes to (some minutes)
.PHONY: bench-ceremony
bench-ceremony: deps
	@$(MAKE) --no-print-directory all $(BUILD)/tests/bench/hsm_time.so
	@$(PYTHON) tests/bench/ceremony.py $(or $(COUNT),1000) $(BIN) $(BUILD)/tests/bench/hsm_time.so
