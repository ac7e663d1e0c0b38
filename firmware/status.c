#include "status.h"

sw_t sw_from_error(int error)
{
	if (error >= 0)
		return SW_OK;
	switch (error) {
	case ERROR_FULL:
		return SW_NOT_ENOUGH_SPACE;
	case ERROR_NOT_FOUND:
		return SW_FILE_NOT_FOUND;
	case ERROR_RANGE:
		return SW_WRONG_OFFSET;
	case ERROR_FORMAT:
	case ERROR_VALUE:
		return SW_WRONG_DATA;
	case ERROR_CHECK:
		return SW_SECURE_DATA_INCORRECT;
	case ERROR_STATE:
		return SW_CONDITIONS_NOT_SATISFIED;
	case ERROR_DENIED:
		return SW_SECURITY_NOT_SATISFIED;
	default:
		return SW_MEMORY_PROBLEM;
	}
}
