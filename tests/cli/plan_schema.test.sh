#!/bin/sh
# PROVES: docs/ceremony/plan.schema.json and the program that reads plans agree
# on every shape; what a schema cannot say is told in it, and checked here.
. tests/check.sh
check_match '[0-9]+ good, [0-9]+ refused by both, [0-9]+ refused by the program alone, 0 wrong' \
	"schema and program have the same verdict" /usr/bin/python3 tests/cli/plan_schema.py docs/ceremony/plan.schema.json "$scratch"
finish
