# The card on a board: in QEMU, at the level of bytes and through pcscd.

$(BUILD)/tests/t0_talk: $(OBJ)/tests/port/t0_talk.o $(OBJ)/sim/reader/backend_t0.o
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LINK) -lpthread -o $@
