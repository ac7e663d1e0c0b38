#include "lib/order.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int load(struct order *order, const char *text, struct fault *fault)
{
	char path[] = "/tmp/simrite-order.XXXXXX";
	int fd = mkstemp(path), result;

	memset(fault, 0, sizeof(*fault));
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	close(fd);
	result = order_load(order, path, fault);
	unlink(path);
	return result;
}

#define START "{\"schema\":1,\"batch\":\"b\",\"count\":3,\"first_imsi\":\"001010000000001\","
#define REST  "\"first_iccid\":\"8988211000000000011\",\"mnc_length\":2"

static void test_good(void)
{
	struct order order, again;
	struct fault fault;
	char text[ORDER_TEXT], iccid[21], imsi[16];

	CU_ASSERT_EQUAL_FATAL(
		load(&order, START REST ",\"design\":\"derived\",\"key\":\"k\",\"spn\":\"A B\"}", &fault), 0);
	CU_ASSERT_EQUAL(order.design, DESIGN_DERIVED);
	CU_ASSERT_EQUAL(order.count, 3);
	order_card(iccid, imsi, &order, 3);
	CU_ASSERT_STRING_EQUAL(imsi, "001010000000003");
	CU_ASSERT_STRING_EQUAL(iccid, "8988211000000000037");
	CU_ASSERT(order_write(text, &order) > 1);
	CU_ASSERT_EQUAL_FATAL(load(&again, text, &fault), 0);
	CU_ASSERT_EQUAL(memcmp(&again, &order, sizeof(order)), 0);
}

static void test_refused(void)
{
	static const char *const bad[] = {
		"",
		"{",
		"[]",
		"{}",
		"{\"schema\":2}",
		START REST "}",                                        /* no design */
		START REST ",\"design\":\"bulk-plain\",\"colour\":1}", /* unknown field */
		START REST ",\"design\":\"bulk-plain\",\"count\":4}",  /* twice */
		START REST ",\"design\":\"bulk-plain\",\"key\":\"k\"}",
		START REST ",\"design\":\"derived\"}",
		START REST ",\"design\":\"other\"}",
		START "\"first_iccid\":\"8988211000000000012\",\"mnc_length\":2,\"design\":\"bulk-plain\"}",
		START "\"first_iccid\":\"8988211000000000011\",\"mnc_length\":4,\"design\":\"bulk-plain\"}",
		START REST ",\"design\":\"derived\",\"key\":\"k\",\"hsm\":\"pkcs11:?pin-value=1\"}",
		START REST ",\"design\":\"bulk-plain\",\"spn\":\"a;b\\n\"}",
		"{\"schema\":1,\"batch\":\"../b\",\"count\":3,\"first_imsi\":\"001010000000001\"," REST
		",\"design\":\"bulk-plain\"}",
		"{\"schema\":1,\"batch\":\"b\",\"count\":0,\"first_imsi\":\"001010000000001\"," REST
		",\"design\":\"bulk-plain\"}",
		"{\"schema\":1,\"batch\":\"b\",\"count\":3,\"first_imsi\":\"001019999999998\"," REST
		",\"design\":\"bulk-plain\"}",
	};
	struct order order;
	struct fault fault;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(load(&order, bad[i], &fault), -1);
		CU_ASSERT(fault.code == FAULT_INPUT || fault.code == FAULT_POLICY);
		CU_ASSERT(fault.text[0] != 0);
	}
	CU_ASSERT_EQUAL(order_load(&order, "/nonexistent/order", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
}

UNIT_SUITE("order", UNIT(test_good), UNIT(test_refused))
