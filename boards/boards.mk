# boards/: the only place that knows a part number.
#
# A cross-compiled board is one boards/NAME/board.mk that calls $(board,...);
# its images are $(BUILD)/NAME/card.{elf,hex} and port_check.elf.

DEPS_BOARDS := gcc-arm-none-eabi binutils-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm qemu-system-common dpkg-dev ca-certificates python3

NATIVE_OBJ := $(patsubst %.c,$(OBJ)/%.o,$(wildcard boards/native/*.c))
$(LIB)/libnative.a: $(NATIVE_OBJ)

# The card, and the port check, as a process: T=0 on stdin and stdout.
$(BUILD)/native/card: $(OBJ)/boards/card_main.o $(LIB)/libfirmware.a $(LIB)/libnative.a
$(BUILD)/native/port_check: $(OBJ)/tests/port/port_check.o $(LIB)/libnative.a
$(BUILD)/native/card $(BUILD)/native/port_check:
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LINK) -lmbedcrypto -o $@

# Boards have no mbedTLS package: take the source of the one this Debian has.
# MBEDTLS_SRC=DIR names an unpacked mbedTLS 2.28 or 3.6 instead.
MBEDTLS_SRC   ?= $(BUILD)/mbedtls-src
MBEDTLS_FILES := aes.c constant_time.c platform_util.c
$(MBEDTLS_SRC)/library/aes.c: | deps-boards
	@sh boards/mbedtls-source.sh $(MBEDTLS_SRC)

.PHONY: deps-boards
deps-boards: deps
	@sh tests/deps.sh $(DEPS_BOARDS)

# No -g0 anywhere and no build id: the same tree gives the same image in any folder.
# SMALLER: 0.3 KB less, in the same time; what else -Os can be told saves less or is slower.
SMALLER      := -frename-registers -fno-if-conversion
CFLAGS_board := -std=c11 $(WARN) -Os $(SMALLER) -g -MMD -MP -ffunction-sections -fdata-sections -fstack-usage \
                -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(MBEDTLS_SRC)=mbedtls -ffile-prefix-map=$(abspath $(MBEDTLS_SRC))=mbedtls \
                -DMBEDTLS_CONFIG_FILE='"crypto/mbedtls_config.h"' -iquote firmware -isystem $(MBEDTLS_SRC)/include

# $(call board,NAME,TOOL PREFIX,CFLAGS,LDFLAGS): sources are boards/NAME/*.c.
define board
OBJ_$(1)     := $(BUILD)/$(1)/obj
BOARD_$(1)   := $$(patsubst %.c,$$(OBJ_$(1))/%.o,$$(wildcard boards/$(1)/*.c))
MBEDTLS_$(1) := $$(MBEDTLS_FILES:%.c=$$(OBJ_$(1))/mbedtls/%.o)

$$(OBJ_$(1))/%.o: %.c $$(MAKEFILE_LIST) | $$(MBEDTLS_SRC)/library/aes.c
	@mkdir -p $$(@D)
	@echo "  CC    $$< ($(1))"
	$$(Q)$(2)gcc $$(CFLAGS_board) $(3) -c $$< -o $$@

# Through a pipe, so that the image does not know the name of the folder of the build.
$$(OBJ_$(1))/build_digest.o: $$(BUILD_DIGEST) $$(MAKEFILE_LIST)
	@mkdir -p $$(@D)
	@echo "  CC    $$< ($(1))"
	$$(Q)$(2)gcc $$(CFLAGS_board) $(3) -x c -c - -o $$@ <$$<

# Their code, their warnings.
$$(MBEDTLS_$(1)): $$(OBJ_$(1))/mbedtls/%.o: $$(MBEDTLS_SRC)/library/aes.c firmware/crypto/mbedtls_config.h $$(MAKEFILE_LIST)
	@mkdir -p $$(@D)
	@echo "  CC    mbedtls/$$*.c ($(1))"
	$$(Q)$(2)gcc $$(CFLAGS_board) $(3) -w -c $$(MBEDTLS_SRC)/library/$$*.c -o $$@

$$(BUILD)/$(1)/card.elf: $$(OBJ_$(1))/boards/card_main.o $$(FIRMWARE_SRC:%.c=$$(OBJ_$(1))/%.o) $$(OBJ_$(1))/build_digest.o $$(MBEDTLS_$(1))
$$(BUILD)/$(1)/port_check.elf: $$(OBJ_$(1))/tests/port/port_check.o
$$(BUILD)/$(1)/card.elf $$(BUILD)/$(1)/port_check.elf: $$(BOARD_$(1)) boards/$(1)/memory.ld
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	$$(Q)$(2)gcc $(3) -Os -g $$(filter %.o,$$^) -Wl,--gc-sections -Wl,--build-id=none $(4) -o $$@

$$(BUILD)/$(1)/%.hex: $$(BUILD)/$(1)/%.elf
	@echo "  HEX   $$@"
	$$(Q)$(2)objcopy -O ihex $$< $$@

-include $$(shell find $$(BUILD)/$(1)/obj -name '*.d' 2>/dev/null)
endef

ifeq ($(wildcard boards/$(BOARD)),)
$(error no board "$(BOARD)": there are $(patsubst boards/%/,%,$(wildcard boards/*/)))
endif
BOARD_IMAGE := $(BUILD)/$(BOARD)/card.elf $(BUILD)/$(BOARD)/card.hex
include $(sort $(wildcard boards/*/board.mk))
