#include "ceremony/rehearsal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ceremony/audit.h"
#include "lib/canonical.h"
#include "lib/say.h"

static const char before[] = "rehearsal-";

static int rename_one(json_t *object, struct fault *fault)
{
	const char *id = json_string_value(json_object_get(object, "id"));

	if (strlen(before) + strlen(id) > PLAN_ID)
		return fault_set(
			fault, FAULT_INPUT, "choose a shorter one in the production plan",
			"id \"%s\" has more than %d characters: with \"%s\" before it, it is too long", id,
			PLAN_ID - (int)strlen(before), before);
	return json_object_set_new(object, "id", json_sprintf("%s%s", before, id));
}

/* NULL and a fault when there is none. It is checked like any plan. */
static json_t *make(const struct plan *plan, struct fault *fault)
{
	json_t *json = plan->rehearsal ? NULL : json_deep_copy(plan->json);
	json_t *batches = json_object_get(json, "batches");
	struct plan check;
	int result;

	if (plan->rehearsal) {
		fault_set(fault, FAULT_INPUT, NULL, "plan %s is a rehearsal's already", plan->id);
		return NULL;
	}
	result = json_object_set_new(json, "mode", json_string("rehearsal"));
	if (result == 0)
		result = rename_one(json, fault);
	for (size_t i = 0; i < json_array_size(batches) && result == 0; i++)
		result = rename_one(json_array_get(batches, i), fault);
	if (result == 0) {
		result = plan_take(&check, json, fault);
		plan_free(&check);
		if (result < 0)
			fault_prefix(fault, "as a rehearsal");
	}
	if (result == 0)
		return json;
	json_decref(json);
	return NULL;
}

int rehearsal_write(const struct plan *plan, const char *path, struct fault *fault)
{
	json_t *json = make(plan, fault);
	int fd, saved;
	char *text;

	if (!json)
		return -1;
	text = json_dumps(json, JSON_INDENT(1) | JSON_ENSURE_ASCII);
	json_decref(json);
	if (!text)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	saved = errno;
	if (fd < 0) {
		free(text);
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make \"%s\": %s", path, strerror(saved));
	}
	errno = ENOSPC; /* what a short write means */
	if (write(fd, text, strlen(text)) == (ssize_t)strlen(text) && write(fd, "\n", 1) == 1 &&
	    fsync(fd) == 0 && close(fd) == 0) {
		free(text);
		return 0;
	}
	saved = errno;
	free(text);
	(void)unlink(path);
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write \"%s\": %s", path, strerror(saved));
}

/* ---- was it? ---- */

/* The first member that is in one of them only, or is not the same. */
static const char *difference(const json_t *a, const json_t *b)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)a, name,
			    value) if (!json_equal(value, json_object_get(b, name))) return name;
	json_object_foreach((json_t *)(uintptr_t)b, name, value) if (!json_object_get(a, name)) return name;
	return NULL;
}

static int compare(const struct plan *plan, const struct audit *held, struct fault *fault)
{
	json_t *json = make(plan, fault);
	const char *name;

	if (!json)
		return -1;
	if (!held->plan.rehearsal) {
		fault_set(fault, FAULT_NO, NULL, "it is of a production ceremony");
		json_decref(json);
		return -1;
	}
	name = difference(json, held->plan.json);
	if (name)
		fault_set(fault, FAULT_NO, "rehearse with the plan that plan --make-rehearsal writes",
			  "another plan was rehearsed: \"%s\" differs", name);
	json_decref(json);
	return name ? -1 : 0;
}

static int check(struct rehearsal *found, struct audit *held, const struct plan *plan, const char *transcript,
		 int64_t begun, struct fault *fault)
{
	struct transcript_summary summary;
	char *text;
	size_t length;
	int result;

	if (transcript_load(&text, &length, transcript, fault) < 0)
		return -1;
	result = transcript_check(&summary, text, length, 0, audit_visit, held, fault);
	free(text);
	if (result < 0 || compare(plan, held, fault) < 0)
		return -1;
	if (begun >= 0 && transcript_seconds(summary.at) > begun)
		return fault_set(fault, FAULT_NO, NULL, "it was closed %s, when this ceremony had begun",
				 summary.at);
	(void)snprintf(found->id, sizeof(found->id), "%s", held->plan.id);
	(void)snprintf(found->closed, sizeof(found->closed), "%s", summary.at);
	hex_write(found->fingerprint, summary.fingerprint, 32);
	hex_write(found->key, summary.key, 32);
	return 0;
}

int rehearsal_check(struct rehearsal *found, const struct plan *plan, const char *transcript, int64_t begun,
		    struct fault *fault)
{
	struct audit *held = calloc(1, sizeof(*held));
	int result;

	if (!held)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	result = check(found, held, plan, transcript, begun, fault);
	audit_free(held);
	free(held);
	return result < 0 ? fault_prefix(fault, "rehearsal %s", transcript) : 0;
}

json_t *rehearsal_tell(const struct rehearsal *found, const char *transcript)
{
	say("  rehearsed    yes, with the same plan: %s, closed %s", found->id, found->closed);
	say("               transcript %s, fingerprint %s", transcript, found->fingerprint);
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "ceremony", found->id, "closed", found->closed, "file",
			 transcript, "fingerprint", found->fingerprint, "key", found->key);
}
