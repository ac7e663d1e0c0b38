# How often the memory is erased.

$(BUILD)/tests/wear: $(OBJ)/tests/wear/wear.o $(LIB)/libfixtures.a $(LIB)/libsimrite.a $(LIB)/libfirmware.a $(LIB)/libnative.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LINK) $(HOST_LIBS) -lcunit -o $@

## Erases of each page of the memory by 100,000 AUTHENTICATEs, and years
.PHONY: wear
wear: $(BUILD)/tests/wear
	@$(BUILD)/tests/wear 100000

test-built: $(BUILD)/tests/wear
