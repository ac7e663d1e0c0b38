# tests/: everything that proves something.

# Debian packages: to build, to run the demo, to test with programs others wrote.
DEPS := gcc libc6-dev make pkg-config libmbedtls-dev libpcsclite-dev libjansson-dev libsqlite3-dev libp11-kit-dev libqrencode-dev libhpdf-dev libinih-dev libcunit1-dev \
        pcscd softhsm2 openssl util-linux procps \
        opensc pcsc-tools python3-pyscard hostapd eapoltest wpasupplicant osmo-hlr libosmocore-utils iproute2 \
        tshark jq mandoc valgrind python3-jsonschema python3-pexpect poppler-utils zbar-tools python3-cryptography

UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
CFLAGS_unit := -DVECTORS='"tests/vectors"'

# What tests stand on; an archive, so that a test that plays the card itself
# (test_t0) does not get the real one through play.o.
$(LIB)/libfixtures.a: $(OBJ)/tests/unit/unit.o $(OBJ)/tests/unit/play.o $(OBJ)/tests/unit/ctime.o $(OBJ)/tests/vectors/vectors.o $(OBJ)/tests/powerloss/cut.o \
  $(OBJ)/tests/fuzz/rig.o $(OBJ)/tests/fuzz/session.o $(OBJ)/tests/fuzz/oracle.o

$(BUILD)/tests/test_%: $(OBJ)/tests/unit/test_%.o $(LIB)/libfixtures.a $(LIB)/libsim.a $(LIB)/libsimrite.a $(LIB)/libfirmware.a $(LIB)/libnative.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LINK) $(HOST_LIBS) -lcunit -o $@

# Its card is a script, so the real one stays out.
$(BUILD)/tests/test_t0: $(OBJ)/tests/unit/test_t0.o $(OBJ)/tests/unit/unit.o $(OBJ)/firmware/transport/t0.o $(OBJ)/firmware/crypto/wipe.o
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LINK) -lcunit -o $@

# Binding a function at its first call saves the processor's registers, and what is in them, on the stack.
$(BUILD)/tests/test_remains: LINK += -Wl,-z,now

# What power cuts are tried on: a table of scenarios.
SCENARIOS := $(patsubst %.c,$(OBJ)/%.o,$(filter-out tests/powerloss/cut.c,$(wildcard tests/powerloss/*.c)))
$(BUILD)/tests/test_powerloss: $(SCENARIOS)
$(BUILD)/tests/test_ticket: $(OBJ)/tests/powerloss/world.o

# It stands between the card and these.
$(BUILD)/tests/test_vectors: LINK += $(patsubst %,-Wl$(comma)--wrap=%,drbg_fill drbg_random scp03_card_challenge)
$(BUILD)/tests/test_ctime_card: LINK += $(patsubst %,-Wl$(comma)--wrap=%,store_read store_write compare_equal aes_cbc_decrypt aes_ctr sqn_array_accept pin_install p256_sign)
$(BUILD)/tests/test_ctime_slip39: LINK += -Wl,--wrap=compare_equal
comma := ,

# The ceremony's rules, which are a program's own and in no archive.
$(BUILD)/tests/test_audit $(BUILD)/tests/test_audit_batch $(BUILD)/tests/test_audit_people $(BUILD)/tests/test_receipt_set $(BUILD)/tests/test_proof $(BUILD)/tests/test_proof_make: $(OBJ)/tests/unit/told.o $(patsubst %,$(OBJ)/host/ceremony/%.o,audit audit_begin audit_attempt audit_batch audit_people entry plan plan_parties plan_batches plan_policy place hierarchy)

# simrite-vet's arithmetic, likewise.
$(BUILD)/tests/test_statistics: $(OBJ)/host/vet/statistics.o
$(BUILD)/tests/test_image: $(OBJ)/host/vet/image.o
$(BUILD)/tests/test_leaks: $(OBJ)/host/vet/leaks.o

# A fleet's cards take the place of readers, so they are in no archive either.
$(patsubst %,$(BUILD)/tests/test_%,draw chip subsets replacement raid): $(patsubst %.c,$(OBJ)/%.o,$(filter-out %/main.c %/cmd_run.c %/cmd_custody.c %/cmd_replace.c,$(FLEET)))

# A custodian's card, a line at a time.
$(BUILD)/tests/custodian_talk: $(OBJ)/tests/cli/custodian_talk.o $(LIB)/libsimrite.a $(LIB)/libpure.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(LINK) $(HOST_LIBS) -o $@

$(BUILD)/tests/test_receipt_set: $(patsubst %,$(OBJ)/host/ceremony/%.o,receipt_set ticketing)
$(BUILD)/tests/test_proof $(BUILD)/tests/test_proof_make: $(OBJ)/tests/unit/proven.o $(patsubst %,$(OBJ)/host/ceremony/%.o,proof_make proof_check closing receipt_set ticketing)

# Script tests: tests/*/*.test.sh, run in order of name, see tests/run.sh.
SCRIPTS := $(sort $(wildcard tests/*/*.test.sh))

## Build and run every test but the boards' (T=name: only those whose name has it)
.PHONY: test
test: deps
	@$(MAKE) --no-print-directory test-built

.PHONY: test-built
test-built: all $(UNIT) $(BUILD)/tests/custodian_talk
	@BUILD=$(BUILD) sh tests/run.sh "$(T)" $(UNIT) $(SCRIPTS)

## Run the unit tests only
.PHONY: test-unit
test-unit: $(UNIT)
	@BUILD=$(BUILD) sh tests/run.sh "$(T)" $(UNIT)

## Check that no line reaches up or sideways
.PHONY: layers
layers: $(if $(SAN),,$(LIB)/libfirmware.a)
	@PURE="$(PURE)" sh tests/layers/layers.sh $(if $(SAN),,$(LIB)/libfirmware.a)

.PHONY: print-pure
print-pure:
	@echo $(PURE)

$(BUILD)/tests/test_backend_t0: $(OBJ)/sim/reader/backend_t0.o
include tests/boards.mk
include tests/sim/sim.mk
include tests/bench/bench.mk
include tests/fuzz/fuzz.mk
include tests/wear/wear.mk
include tests/specs/specs.mk
include tests/hunt/hunt.mk
include tests/vet/vet.mk
