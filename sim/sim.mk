# sim/: the world we do not ship.

# Everything of sim/ but programs' main files, for programs and tests.
$(LIB)/libsim.a: $(patsubst %.c,$(OBJ)/%.o,$(filter-out %/main.c %/thief_%.c sim/reader/% sim/backdoors/% sim/fleet/%,$(sort $(wildcard sim/*/*.c))))

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

# The radio.
$(eval $(call program,simrite-radio,sim/radio/main.c,sim simrite pure))

# A bureau as of 2010.
$(eval $(call program,simrite-old-bureau,$(wildcard sim/bureau/*.c),sim simrite pure))

# Thieves know published arithmetic and nothing of ours: whatever else the
# linker took in makes the build fail (sim/theft/links.sh, sim/theft/links.txt).
define thief
PROGRAMS += $(BIN)/simrite-thief-$(1)
$(BIN)/simrite-thief-$(1): $(OBJ)/sim/theft/thief_$(1).o $(LIB)/libsim.a $(LIB)/libsimrite.a $(LIB)/libpure.a sim/theft/links.sh sim/theft/links.txt
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	$(Q)$(CC) $(CFLAGS) $$(filter %.o %.a,$$^) $(LINK) -lmbedcrypto -lsqlite3 -Wl,-Map=$(OBJ)/sim/theft/$(1).map -o $$@
	$(Q)sh sim/theft/links.sh $(OBJ)/sim/theft/$(1).map $$@ sim/theft/links.txt || { rm -f $$@; exit 1; }
endef
$(eval $(call thief,vendor))
$(eval $(call thief,harvester))
$(eval $(call thief,transport))
$(eval $(call thief,generator))
$(eval $(call thief,courier))
$(eval $(call thief,master))
$(eval $(call thief,recorder))
$(eval $(call thief,listener))
$(eval $(call thief,station))
$(eval $(call thief,insider))
$(eval $(call thief,operator))

$(eval $(call program,simrite-judge,sim/judge/main.c,sim simrite pure))

# The reports' pages and looks are put into their objects as they are.
$(OBJ)/sim/report/report.o: sim/report/page.html sim/report/look.css
$(OBJ)/sim/report/lab.o: sim/report/lab.html

# The orchestrator of "make demo".
$(eval $(call program,simrite-heist,sim/heist/main.c,sim simrite pure))

include sim/backdoors/backdoors.mk
include sim/fleet/fleet.mk
