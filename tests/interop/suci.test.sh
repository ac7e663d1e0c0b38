#!/bin/sh
# The card's SUCIs, made over PC/SC by way of opensc-tool and undone by OpenSSL.
. tests/check.sh
. tests/interop/suci.sh
suci_all
finish
