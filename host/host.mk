# host/: programs that reach cards, HSMs, files and people.

HOST_PACKAGES := libpcsclite jansson sqlite3 p11-kit-1 libqrencode
HOST_CFLAGS   := $(shell $(PKG_CONFIG) --cflags $(HOST_PACKAGES) 2>/dev/null)
HOST_LIBS     := $(shell $(PKG_CONFIG) --libs $(HOST_PACKAGES) 2>/dev/null) -lhpdf -linih -lmbedcrypto -lpthread -lm

$(LIB)/libsimrite.a: $(patsubst %.c,$(OBJ)/%.o,$(sort $(wildcard host/lib/*.c)))

# Pages and their style sheet are put into their objects as they are.
$(OBJ)/host/lib/page.o: host/lib/page.css
$(OBJ)/host/ceremony/script.o: host/ceremony/script.html
$(OBJ)/host/ceremony/account_parts.o: host/ceremony/account.html

PROGRAMS :=
PLUGINS  :=

# $(call program,NAME,SOURCES,ARCHIVES): build/bin/NAME. A program links the
# archives it names and, of those, only what it uses.
define program
ifneq ($(strip $(2)),)
PROGRAMS += $(BIN)/$(1)
$(BIN)/$(1): $(patsubst %.c,$(OBJ)/%.o,$(2)) $(patsubst %,$(LIB)/lib%.a,$(3))
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	$$(Q)$(CC) $(CFLAGS) $(patsubst %.c,$(OBJ)/%.o,$(2)) $(patsubst %,$(LIB)/lib%.a,$(3)) $(LINK) $(HOST_LIBS) -o $$@
endif
endef

$(eval $(call program,simrite,$(wildcard host/simrite/*.c),simrite pure))
$(eval $(call program,simrite-card,$(wildcard host/card/*.c),simrite pure))
$(eval $(call program,simrite-batch,$(wildcard host/batch/*.c),simrite pure))
$(eval $(call program,simrite-ceremony,$(wildcard host/ceremony/*.c),simrite pure))
$(eval $(call program,simrite-vet,$(wildcard host/vet/*.c),simrite pure))
$(eval $(call program,simrite-auc,$(wildcard host/auc/*.c),simrite pure))
