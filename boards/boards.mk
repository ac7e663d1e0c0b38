# boards/: the only place that knows a part number.

BOARD_IMAGE :=
ifneq ($(BOARD),native)
include boards/$(BOARD)/board.mk
endif

NATIVE_OBJ := $(patsubst %.c,$(OBJ)/%.o,$(wildcard boards/native/*.c))
$(LIB)/libnative.a: $(NATIVE_OBJ)
