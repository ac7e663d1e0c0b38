#include "gsm/word.h"

/* SPEC: TS 51.011 9.4 */
sw_t word_gsm(sw_t sw)
{
	switch (sw) {
	case SW_NO_EF_SELECTED:
		return SW_GSM_NO_EF_SELECTED;
	case SW_RECORD_NOT_FOUND:
		return SW_GSM_OUT_OF_RANGE;
	case SW_FILE_NOT_FOUND:
	case SW_SEARCH_UNSUCCESSFUL:
		return SW_GSM_NOT_FOUND;
	case SW_INCOMPATIBLE_FILE:
		return SW_GSM_INCONSISTENT;
	case SW_SECURITY_NOT_SATISFIED:
		return SW_GSM_ACCESS;
	case SW_PIN_BLOCKED:
		return SW_GSM_CHV_BLOCKED;
	case SW_DATA_INVALIDATED:
	case SW_CONDITIONS_NOT_SATISFIED:
		return SW_GSM_INVALIDATION;
	case SW_MEMORY_PROBLEM:
	case SW_NOT_ENOUGH_SPACE:
		return SW_GSM_MEMORY;
	case SW_WRONG_P1_P2:
		return SW_GSM_P1_P2;
	case SW_REFERENCE_NOT_FOUND:
		return SW_GSM_NO_CHV;
	default:
		return (sw & 0xFF00) == SW_WRONG_LE(0) ? SW_GSM_WRONG_LENGTH(sw) : sw;
	}
}

sw_t word_chv(sw_t sw)
{
	if ((sw & 0xFFF0) == SW_TRIES_LEFT(0))
		return sw == SW_TRIES_LEFT(0) ? SW_GSM_CHV_BLOCKED : SW_GSM_ACCESS;
	switch (sw) {
	case SW_DATA_INVALIDATED:         /* disabled, or blocked by its state */
	case SW_CONDITIONS_NOT_SATISFIED: /* enabled already, or not to be disabled */
	case SW_WRONG_DATA:               /* the new value is none */
		return SW_GSM_CHV_STATUS;
	default:
		return sw;
	}
}
