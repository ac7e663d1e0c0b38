# firmware/: the card. PURE modules take no card and no hal; the host uses them too.

FIRMWARE_SRC := $(sort $(wildcard firmware/*.c firmware/*/*.c))
PURE := $(sort $(wildcard firmware/codec/*.c) $(filter-out %/drbg.c,$(wildcard firmware/crypto/*.c)) firmware/status.c \
        firmware/auth/milenage.c firmware/auth/tuak.c firmware/auth/comp128.c firmware/auth/xor.c firmware/auth/algorithm.c firmware/auth/suci.c \
        firmware/custodian/statement.c firmware/custodian/tunnel.c firmware/keys/derive.c firmware/keys/ticket.c firmware/gp/scp02_keys.c firmware/gp/scp03_keys.c firmware/gp/scp80_packet.c)

# Which firmware this is (keys/build.h). It is made again only when it differs.
BUILD_DIGEST := $(BUILD)/build_digest.c
$(BUILD_DIGEST): FORCE
	@mkdir -p $(@D)
	@export LC_ALL=C; sha256sum $$(find firmware -name '*.[ch]' | sort) | sha256sum | \
	  sed -E 's/([0-9a-f]{2})/0x\1, /g; s/^(.*, ) .*/#include "keys\/build.h"\nconst uint8_t build_digest[SHA256_LENGTH] = {\1};/' >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
.PHONY: FORCE
FORCE:

$(OBJ)/build_digest.o: $(BUILD_DIGEST)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(COMMON) -fPIC $(INCLUDES_firmware) $(CFLAGS) -c $< -o $@

$(LIB)/libfirmware.a: $(FIRMWARE_SRC:%.c=$(OBJ)/%.o) $(OBJ)/build_digest.o
$(LIB)/libpure.a: $(PURE:%.c=$(OBJ)/%.o)
