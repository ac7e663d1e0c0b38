# What the vendor of each backdoored card makes of it.

$(BUILD)/tests/vet/exploit: $(OBJ)/tests/vet/exploit.o $(OBJ)/tests/vet/seen.o $(OBJ)/host/vet/owner.o $(OBJ)/firmware/crypto/drbg.o $(LIB)/libsimrite.a $(LIB)/libpure.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(LINK) $(HOST_LIBS) -o $@

test-built: $(BUILD)/tests/vet/exploit backdoors

## Measure what simrite vet card finds (RUNS=3, HONEST=15), into build/lab/vet.json and docs/vetting.md
.PHONY: vet
RUNS   ?= 3
HONEST ?= 15
vet: deps
	@$(MAKE) --no-print-directory all backdoors $(BUILD)/tests/vet/exploit
	@python3 tests/vet/measure.py $(BIN) $(BUILD)/backdoors $(BUILD)/tests/vet/exploit $(RUNS) $(HONEST) $(BUILD)/lab/vet.json docs/vetting.md
