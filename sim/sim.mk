# sim/: the world we do not ship.

# Everything of sim/ but programs' main files, for programs and tests.
$(LIB)/libsim.a: $(patsubst %.c,$(OBJ)/%.o,$(filter-out %/main.c %/thief_%.c sim/reader/%,$(sort $(wildcard sim/*/*.c))))
