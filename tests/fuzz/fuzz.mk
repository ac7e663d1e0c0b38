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

# ---- targets ----
#
# The card and what a target needs, compiled for the purpose: with the sanitizers for `make test` (any compiler),
# with clang's fuzzer for `make fuzz`.

FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_SRC     := $(FIRMWARE_SRC) tests/powerloss/cut.c $(patsubst %,tests/fuzz/%.c,rig session oracle target)
FUZZ_CC      ?= clang
FUZZ_DEPS    := clang libclang-rt-dev
SECONDS      ?= 60
FUZZ_JOBS    ?= 1

FUZZ_FLAGS   := -fsanitize=address,undefined -fno-sanitize-recover=all

# What the fuzzer watches is the card: not the tests, in whose comparisons it would find every key, nor the
# arithmetic, which has one way whatever comes and would take most of the time.
FUZZ_WATCH_fuzz := -fsanitize=fuzzer-no-link

# fuzz_flavour NAME,COMPILER
define fuzz_flavour
$(BUILD)/tests/$(1)/obj/%.o: %.c Makefile tests/fuzz/fuzz.mk
	@mkdir -p $$(@D)
	@echo "  CC    $$< ($(1))"
	$$(Q)$(2) -std=c11 $$(filter-out -Werror,$$(WARN)) -MMD -MP $$(INCLUDES_tests) -D_GNU_SOURCE $$(HOST_CFLAGS) -O1 -g -fno-omit-frame-pointer $(FUZZ_FLAGS) $$(if $$(filter firmware/%,$$(filter-out firmware/crypto/%,$$<)),$(FUZZ_WATCH_$(1))) -c $$< -o $$@
-include $$(shell find $(BUILD)/tests/$(1) -name '*.d' 2>/dev/null)
endef
$(eval $(call fuzz_flavour,replay,$(CC)))
$(eval $(call fuzz_flavour,fuzz,$(FUZZ_CC)))

fuzz_objects = $(patsubst %.c,$(BUILD)/tests/$(1)/obj/%.o,$(FUZZ_SRC) $(2)) $(LIB)/libsimrite.a $(LIB)/libfirmware.a

$(BUILD)/tests/replay/fuzz_%: $(call fuzz_objects,replay,tests/fuzz/driver.c) $(BUILD)/tests/replay/obj/tests/fuzz/fuzz_%.o
	@echo "  LD    $@"
	$(Q)$(CC) $(FUZZ_FLAGS) $(filter %.o,$^) $(filter %.a,$^) -Wl,--gc-sections $(HOST_LIBS) -o $@

$(BUILD)/tests/replay/seeds: $(call fuzz_objects,replay,tests/fuzz/seeds.c)
	@echo "  LD    $@"
	$(Q)$(CC) $(FUZZ_FLAGS) $(filter %.o,$^) $(filter %.a,$^) -Wl,--gc-sections $(HOST_LIBS) -o $@

$(BUILD)/tests/fuzz/fuzz_%: $(call fuzz_objects,fuzz,) $(BUILD)/tests/fuzz/obj/tests/fuzz/fuzz_%.o
	@echo "  LD    $@"
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer $(filter %.o,$^) $(filter %.a,$^) -Wl,--gc-sections $(HOST_LIBS) -o $@

## Fuzz a target with libFuzzer (T=apdu|objects|scp03|store|t0|tlv SECONDS=60)
.PHONY: fuzz
fuzz: T := $(or $(T),apdu)
fuzz:
	@case " $(FUZZ_TARGETS) " in *" $(T) "*) ;; *) echo 'no target "$(T)": there are $(FUZZ_TARGETS)'; exit 2 ;; esac
	@sh tests/deps.sh $(FUZZ_DEPS)
	@$(MAKE) --no-print-directory $(BUILD)/tests/fuzz/fuzz_$(T) $(BUILD)/tests/replay/seeds
	@BUILD=$(BUILD) sh tests/fuzz/fuzz.sh $(T) $(SECONDS) $(FUZZ_JOBS)

## Keep what fuzzing has found (T=apdu): the fewest inputs beside the seeds, in tests/fuzz/corpus
.PHONY: fuzz-merge
fuzz-merge: $(BUILD)/tests/replay/seeds
	@BUILD=$(BUILD) sh tests/fuzz/merge.sh $(T)

test-built: $(patsubst %,$(BUILD)/tests/replay/fuzz_%,$(FUZZ_TARGETS)) $(BUILD)/tests/replay/seeds
.SECONDARY:
