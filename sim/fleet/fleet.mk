# sim/fleet/: a fleet of whole cards in one process. Its lib/reader.h is a card in memory, so its objects
# are in no archive; of the ceremony it has the hierarchy of keys and the policy of plans.
FLEET := $(sort $(wildcard sim/fleet/*.c)) host/ceremony/hierarchy.c host/ceremony/plan_policy.c
$(eval $(call program,simrite-fleet,$(FLEET),sim simrite firmware))
$(eval $(call thief,fleet))

## A million cards, every theft measured (COUNT=1000000), into build/lab/fleet.json
.PHONY: fleet
COUNT ?= 1000000
fleet: deps
	@$(MAKE) --no-print-directory all
	@mkdir -p $(BUILD)/lab
	@$(BIN)/simrite fleet run --count $(COUNT) --out $(BUILD)/lab
