# The card on a board: in QEMU, at the level of bytes and through pcscd.

$(BUILD)/tests/t0_talk: $(OBJ)/tests/port/t0_talk.o $(OBJ)/sim/reader/backend_t0.o
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LINK) -lpthread -o $@

$(BUILD)/tests/cut_scenarios: $(OBJ)/tests/port/cut_scenarios.o $(SCENARIOS) $(LIB)/libfixtures.a $(LIB)/libsimrite.a $(LIB)/libfirmware.a $(LIB)/libnative.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LINK) $(HOST_LIBS) -lcunit -o $@

$(BUILD)/tests/protocols: $(OBJ)/tests/port/protocols.o $(OBJ)/tests/powerloss/steps.o $(OBJ)/sim/reader/backend_t0.o $(LIB)/libfixtures.a $(LIB)/libsimrite.a $(LIB)/libfirmware.a $(LIB)/libnative.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LINK) $(HOST_LIBS) -lcunit -lpthread -o $@

BOARD_TESTS := $(sort $(wildcard tests/port/*.board.sh tests/size/*.board.sh tests/vet/*.board.sh))

## Run the card on the micro:bit (QEMU): port check, bytes, PC/SC, size; compile the template
.PHONY: test-boards
test-boards: deps deps-boards
	@$(MAKE) --no-print-directory test-boards-built

.PHONY: test-boards-built
test-boards-built: all $(BUILD)/native/card $(BUILD)/native/port_check $(BUILD)/microbit/card.elf $(BUILD)/microbit/card.hex $(BUILD)/microbit/port_check.elf $(BOARD_template) $(BUILD)/tests/t0_talk $(BUILD)/tests/custodian_talk $(BUILD)/tests/protocols $(BUILD)/tests/cut_scenarios
	@BUILD=$(BUILD) sh tests/run.sh "$(T)" $(BOARD_TESTS)

## Flash, RAM and deepest stack of the card against tests/size/budget.txt
.PHONY: size
size: $(BUILD)/microbit/card.elf
	@sh tests/size/size.sh microbit $< $(BUILD)/microbit/obj

## What AUTHENTICATE costs a Cortex-M0, in instructions
.PHONY: cost
cost: deps deps-boards
	@$(MAKE) --no-print-directory all $(BUILD)/microbit/card.elf
	@BUILD=$(BUILD) sh tests/port/cost.board.sh
