# firmware/: the card. PURE modules take no card and no hal; the host uses them too.

FIRMWARE_SRC := $(sort $(wildcard firmware/*.c firmware/*/*.c))
PURE := $(sort $(wildcard firmware/codec/*.c) $(filter-out %/drbg.c,$(wildcard firmware/crypto/*.c)) firmware/status.c \
        firmware/auth/milenage.c firmware/auth/tuak.c firmware/auth/comp128.c firmware/auth/xor.c firmware/auth/algorithm.c firmware/auth/suci.c \
        firmware/keys/derive.c firmware/gp/scp02_keys.c firmware/gp/scp03_keys.c firmware/gp/scp80_packet.c)

$(LIB)/libfirmware.a: $(FIRMWARE_SRC:%.c=$(OBJ)/%.o)
$(LIB)/libpure.a: $(PURE:%.c=$(OBJ)/%.o)
