#include "ceremony/account.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ceremony/closing.h"
#include "lib/hex.h"

/* ---- reading ---- */

static int visit(void *context, unsigned line, const json_t *entry, struct fault *fault)
{
	struct account *account = context;

	if (audit_visit(&account->audit, line, entry, fault) < 0)
		return -1;
	return json_array_append(account->entries, (json_t *)(uintptr_t)entry) == 0
		       ? 0
		       : fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
}

static int check_note(struct account *account, const char *path, const struct account_wish *wish,
		      const char *text, size_t length, struct fault *fault)
{
	char beside[PATH_MAX];

	if (!wish->note && (!account->summary.closed || !closing_note_beside(beside, path)))
		return 0;
	return closing_check(account->keys, &account->key_count, &account->audit.plan, account->summary.point,
			     wish->note ? wish->note : beside, text, length, NULL, fault);
}

static int check_wish(struct account *account, const struct account_wish *wish, struct fault *fault)
{
	char hex[65];

	hex_write(hex, account->summary.key, 32);
	if (wish->key && strcmp(wish->key, hex) != 0)
		return fault_set(fault, FAULT_NO, NULL, "signed by %s, not by the key asked for", hex);
	hex_write(hex, account->summary.fingerprint, 32);
	if (wish->fingerprint && strcmp(wish->fingerprint, hex) != 0)
		return fault_set(fault, FAULT_NO, NULL, "the fingerprint is %s, not the one asked for", hex);
	account->pinned = wish->key || wish->fingerprint;
	return 0;
}

int account_read(struct account *account, const char *path, const struct account_wish *wish,
		 struct fault *fault)
{
	size_t length;
	char *text;
	int result;

	memset(account, 0, sizeof(*account));
	account->entries = json_array();
	if (!account->entries)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (transcript_load(&text, &length, path, fault) < 0)
		return -1;
	result = transcript_check(&account->summary, text, length, wish->unfinished, visit, account, fault);
	if (result == 0)
		result = check_note(account, path, wish, text, length, fault);
	free(text);
	if (result < 0 || check_wish(account, wish, fault) < 0)
		return -1;
	return wish->receipts_count == 0 ? 0
					 : receipt_set_check(&account->receipts, &account->audit,
							     wish->receipts, wish->receipts_count, fault);
}

void account_free(struct account *account)
{
	receipt_set_free(&account->receipts);
	audit_free(&account->audit);
	json_decref(account->entries);
	account->entries = NULL;
}

const char *account_verdict(const struct account *account)
{
	return !account->summary.closed ? "unfinished"
	       : account->pinned        ? "sound"
					: "self-consistent, signer unknown";
}

/* ---- asking ---- */

const json_t *account_next(const struct account *account, const char *type, size_t *at)
{
	while (*at < json_array_size(account->entries)) {
		const json_t *entry = json_array_get(account->entries, (*at)++);

		if (strcmp(json_string_value(json_object_get(entry, "type")), type) == 0)
			return entry;
	}
	return NULL;
}

const char *account_text(const json_t *entry, const char *name)
{
	const char *value = json_string_value(json_object_get(json_object_get(entry, "data"), name));

	return value ? value : "";
}

unsigned account_number(const json_t *entry, const char *name)
{
	return (unsigned)json_integer_value(json_object_get(json_object_get(entry, "data"), name));
}

const char *account_at(const json_t *entry)
{
	const char *value = json_string_value(json_object_get(entry, "at"));

	return value ? value : "";
}

long long account_seconds(const json_t *entry)
{
	struct tm tm = {0};

	return strptime(account_at(entry), "%Y-%m-%dT%H:%M:%SZ", &tm) ? (long long)timegm(&tm) : 0;
}

void account_duration(char *out, size_t size, long long seconds)
{
	long long days = seconds / 86400, hours = seconds / 3600 % 24, minutes = seconds / 60 % 60;

	if (days > 0)
		(void)snprintf(out, size, "%lld d %lld h %lld min", days, hours, minutes);
	else if (hours > 0)
		(void)snprintf(out, size, "%lld h %lld min", hours, minutes);
	else if (minutes > 0)
		(void)snprintf(out, size, "%lld min %lld s", minutes, seconds % 60);
	else
		(void)snprintf(out, size, "%lld s", seconds);
}
