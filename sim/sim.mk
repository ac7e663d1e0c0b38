# sim/: the world we do not ship.

# Everything of sim/ but programs' main files, for programs and tests.
$(LIB)/libsim.a: $(patsubst %.c,$(OBJ)/%.o,$(filter-out %/main.c %/thief_%.c sim/reader/%,$(sort $(wildcard sim/*/*.c))))

# pcscd's driver: slots for cards linked in, card processes and boards.
READER_OBJ := $(patsubst %.c,$(OBJ)/%.o,$(sort $(wildcard sim/reader/*.c)))
IFD        := $(LIB)/libifdsimrite.so

$(IFD): $(READER_OBJ) $(LIB)/libfirmware.a $(LIB)/libnative.a sim/reader/exports.map
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) -shared $(filter %.o %.a,$^) $(LINK) -Wl,--version-script=sim/reader/exports.map -Wl,-z,defs -lmbedcrypto -lpthread -o $@

ifneq ($(wildcard firmware/card.c),)
PLUGINS += $(IFD)
$(eval $(call program,simrite-vcard,sim/vcard/main.c,firmware native))
endif

$(eval $(call program,simrite-sim,$(wildcard sim/up/*.c),simrite pure))
