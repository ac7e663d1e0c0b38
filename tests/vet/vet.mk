# What the vendor of each backdoored card makes of it.

$(BUILD)/tests/vet/exploit: $(OBJ)/tests/vet/exploit.o $(OBJ)/host/vet/owner.o $(OBJ)/firmware/crypto/drbg.o $(LIB)/libsimrite.a $(LIB)/libpure.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(LINK) $(HOST_LIBS) -o $@

test-built: $(BUILD)/tests/vet/exploit backdoors
