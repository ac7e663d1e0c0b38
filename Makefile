# simrite: a SIM card operating system, its tools, and the theft of its keys.
#
#   make demo            the whole story in a minute       make help    every target
#   make BOARD=microbit  the card for a BBC micro:bit      make V=1 SAN=address,undefined ...
#
# One Makefile, no recursion. What is built from what is in the *.mk fragment
# of each folder; everything made goes below BUILD.

BOARD      ?= native
SAN        ?=
BUILD      ?= build$(if $(SAN),/san)
PREFIX     ?= /usr/local
DESTDIR    ?=
PKG_CONFIG ?= pkg-config
CC         := $(if $(filter default undefined,$(origin CC)),gcc,$(CC))
WERROR     ?= 1
Q          := $(if $(V),,@)
VERSION    := 0.1.0

BIN := $(BUILD)/bin
LIB := $(BUILD)/lib
OBJ := $(BUILD)/obj

WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes -Wvla -Wundef \
           $(if $(filter 1,$(WERROR)),-Werror)
CFLAGS  ?= -O2 -g
COMMON  := -std=c11 $(WARN) -MMD -MP -ffile-prefix-map=$(CURDIR)=. -ffunction-sections -fdata-sections \
           $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
LINK    := -Wl,--gc-sections -Wl,--as-needed $(if $(SAN),-fsanitize=$(SAN))

.PHONY: all
all:

include firmware/firmware.mk
include boards/boards.mk
include host/host.mk
include sim/sim.mk
include tests/tests.mk

## Build every program below build/bin (BOARD=microbit: the card's image)
all: $(if $(filter native,$(BOARD)),$(PROGRAMS) $(PLUGINS),$(BOARD_IMAGE))

# ---- compiling: one rule per room, because each may include different things ----

INCLUDES_firmware := -iquote firmware
INCLUDES_boards   := -iquote firmware
INCLUDES_host     := -iquote firmware -iquote host
INCLUDES_sim      := -iquote firmware -iquote host -iquote sim -iquote boards/native
INCLUDES_tests    := -iquote firmware -iquote host -iquote sim -iquote boards/native -iquote tests

define room
$(OBJ)/$(1)/%.o: $(1)/%.c Makefile $(wildcard $(1)/*.mk)
	@mkdir -p $$(@D)
	@echo "  CC    $$<"
	$$(Q)$(CC) $(COMMON) -fPIC $(INCLUDES_$(1)) $(if $(filter firmware,$(1)),,-D_GNU_SOURCE -DVERSION='"$(VERSION)"' $(HOST_CFLAGS)) $(CFLAGS) $$(CFLAGS_$$*) -c $$< -o $$@
endef
$(foreach r,firmware boards host sim tests,$(eval $(call room,$(r))))

$(LIB)/%.a:
	@mkdir -p $(@D)
	@echo "  AR    $@"
	$(Q)rm -f $@ && ar rcsD $@ $^

# Objects are kept, so that the next build is short.
.SECONDARY:

-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)

# ---- what people type ----

## Name the Debian packages that are missing and install them
.PHONY: deps
deps:
	@sh tests/deps.sh $(DEPS)

## Run the theft of 2010, and the same thief against derived keys (CARDS=8)
.PHONY: demo
CARDS ?= 8
demo: deps
	@$(MAKE) --no-print-directory all
	@$(BIN)/simrite heist demo --cards $(CARDS) --out $(BUILD)/demo

## Every design robbed by every thief, into build/lab: matrix.json, report.html
.PHONY: matrix
matrix: deps
	@$(MAKE) --no-print-directory all backdoors
	@$(BIN)/simrite heist matrix --out $(BUILD)/lab

## Format every source file in place
.PHONY: format
format:
	@clang-format -i $(shell git ls-files '*.[ch]')

## Complain about sources that are not formatted
.PHONY: format-check
format-check:
	@clang-format --dry-run -Werror $(shell git ls-files '*.[ch]')

# ctuuninitvar takes handing over the address of what is to be filled in for reading it.
## Static analysis: clang-tidy and cppcheck
.PHONY: tidy
tidy:
	printf '%s\n' $(shell git ls-files 'firmware/*.c' 'boards/native/*.c' 'host/*.c' 'sim/*.c') | xargs -P 2 -n 1 sh -c \
	  'clang-tidy --quiet "$$0" -- -std=c11 -D_GNU_SOURCE -DVERSION=\"$(VERSION)\" $(INCLUDES_tests) $(HOST_CFLAGS)' 2>/dev/null
	cppcheck --quiet --enable=warning,portability --inline-suppr --error-exitcode=1 --library=.cppcheck.cfg \
	  --suppress=ctuuninitvar -Ifirmware -Ihost -Isim firmware host sim

## Install programs, driver and man pages (PREFIX, DESTDIR)
.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/simrite $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(PLUGINS) $(DESTDIR)$(PREFIX)/lib/simrite
	install -d $(DESTDIR)$(PREFIX)/share/simrite/scenarios
	install -m 644 sim/scenarios/*.ini $(DESTDIR)$(PREFIX)/share/simrite/scenarios
	for s in 1 5 8; do for f in docs/man/*.$$s; do [ -e "$$f" ] && install -m 644 "$$f" $(DESTDIR)$(PREFIX)/share/man/man$$s; done; done; true

## Remove everything that was built
.PHONY: clean
clean:
	rm -rf build $(BUILD)

## Show this list
.PHONY: help
help:
	@awk '/^## /{t=substr($$0,4);next} /^\.PHONY/&&t{printf "  %-14s %s\n",$$2,t;t=""}' $(MAKEFILE_LIST)
