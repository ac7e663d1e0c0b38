# sim/backdoors/: cards of a vendor who is not honest, for vetting to find. Never part of "all".

BACKDOORS := $(sort $(patsubst sim/backdoors/%.c,%,$(wildcard sim/backdoors/*.c)))

# The card of simrite-vcard, and in place of the functions its source names, those of the backdoor.
define backdoor
$(BUILD)/backdoors/simrite-vcard-$(1): $(OBJ)/sim/vcard/main.o $(OBJ)/sim/backdoors/$(1).o $(LIB)/libfirmware.a $(LIB)/libnative.a
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	$$(Q)$(CC) $(CFLAGS) $$^ $(LINK) $(HOST_LIBS) \
	  $$$$(sed -n 's/.*INSTEAD_OF(\([a-z0-9_]*\)).*/-Wl,--wrap=\1/p' sim/backdoors/$(1).c) -o $$@
endef
$(foreach b,$(BACKDOORS),$(eval $(call backdoor,$(b))))

## Build the backdoored cards, build/backdoors/simrite-vcard-NAME
.PHONY: backdoors
backdoors: $(BACKDOORS:%=$(BUILD)/backdoors/simrite-vcard-%)
