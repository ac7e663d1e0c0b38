# Can any bytes hurt the card? Storms of commands, and libFuzzer's targets.

STORM := $(BUILD)/tests/storm

$(STORM): $(patsubst %,$(OBJ)/tests/fuzz/%.o,storm mutate) $(LIB)/libfixtures.a $(LIB)/libsimrite.a $(LIB)/libfirmware.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LINK) $(HOST_LIBS) -lcunit -o $@

## Send random and mutated commands to the card (COUNT=10000000 SEED=1; REPLAY=file)
.PHONY: storm
COUNT ?= 10000000
SEED  ?= 1
storm: $(STORM)
	@$(STORM) $(if $(REPLAY),-r $(REPLAY),-n $(COUNT) -s $(SEED))

test-built: $(STORM)
