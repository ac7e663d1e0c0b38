#include "radio/auc_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "crypto/wipe.h"
#include "lib/hex.h"

/* Vectors, CK and IK in them, come here: into a folder that nobody else can
 * enter, under a name that nobody can take first. */
static int bind_own(struct auc_client *auc, struct sockaddr_un *address, struct fault *fault)
{
	const char *place = getenv("TMPDIR");
	int n = snprintf(auc->own, sizeof(auc->own), "%s/simrite-radio.XXXXXX/socket",
			 place && *place ? place : "/tmp");
	char *slash = auc->own + n - strlen("/socket");

	if (n < 0 || (size_t)n >= sizeof(auc->own)) {
		auc->own[0] = 0;
		return fault_set(fault, FAULT_SYSTEM, "set TMPDIR to a shorter path",
				 "the socket's path is too long");
	}
	*slash = 0;
	if (!mkdtemp(auc->own)) {
		fault_set(fault, FAULT_SYSTEM, "set TMPDIR to a folder you may write in",
			  "cannot make a folder for a socket in %s: %s", place && *place ? place : "/tmp",
			  strerror(errno));
		auc->own[0] = 0;
		return -1;
	}
	*slash = '/';
	memcpy(address->sun_path, auc->own, sizeof(address->sun_path));
	if (bind(auc->socket, (struct sockaddr *)address, sizeof(*address)) == 0)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, "set TMPDIR to a folder of another file system",
			 "cannot make a socket %s: %s", auc->own, strerror(errno));
}

static void remove_own(struct auc_client *auc)
{
	char *slash = strrchr(auc->own, '/');

	if (!slash)
		return;
	(void)unlink(auc->own);
	*slash = 0;
	(void)rmdir(auc->own);
}

int auc_client_start(struct auc_client *auc, const char *path, struct fault *fault)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = 10};

	memset(auc, 0, sizeof(*auc));
	auc->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (auc->socket < 0 || bind_own(auc, &address, fault) < 0)
		goto failed;
	if (strlen(path) >= sizeof(address.sun_path)) {
		fault_set(fault, FAULT_USAGE, NULL,
			  "the path of the authentication centre's socket is too long");
		goto failed;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	(void)setsockopt(auc->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(auc->socket, (struct sockaddr *)&address, sizeof(address)) == 0)
		return 0;
	fault_set(fault, FAULT_INPUT, "start it: simrite auc serve", "no authentication centre at %s: %s",
		  path, strerror(errno));
failed:
	auc_client_stop(auc);
	return -1;
}

void auc_client_stop(struct auc_client *auc)
{
	if (auc->socket >= 0)
		close(auc->socket);
	remove_own(auc);
	wipe(auc, sizeof(*auc));
	auc->socket = -1;
}

/* The next blank-separated word as `least`..`most` bytes of hex; how many, or -1. */
static int take_hex(char **text, uint8_t *out, size_t least, size_t most)
{
	char *word = strsep(text, " ");
	size_t n = word ? strlen(word) / 2 : 0;

	if (n < least || n > most || hex_read(out, n, word, strlen(word)) < 0)
		return -1;
	return (int)n;
}

static int take_vector(struct auc_answer *v, char *text, const char *imsi, struct fault *fault)
{
	char *verb = strsep(&text, " "), *said = strsep(&text, " ");
	int n;

	if (!verb || !said || strcmp(verb, "AKA-RESP-AUTH") != 0 || strcmp(said, imsi) != 0)
		return fault_set(fault, FAULT_INPUT, NULL,
				 "the authentication centre answered something else");
	if (text && !strcmp(text, "FAILURE"))
		return fault_set(fault, FAULT_NO, "import the subscriber first",
				 "the authentication centre has no vector for %s", imsi);
	if (take_hex(&text, v->rand, 16, 16) < 0 || take_hex(&text, v->autn, 16, 16) < 0 ||
	    take_hex(&text, v->ik, 16, 16) < 0 || take_hex(&text, v->ck, 16, 16) < 0 ||
	    (n = take_hex(&text, v->res, 4, 16)) < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "the authentication centre sent half a vector");
	v->res_length = (size_t)n;
	return 0;
}

int auc_client_vector(struct auc_client *auc, struct auc_answer *vector, const char *imsi,
		      struct fault *fault)
{
	char text[1024];
	ssize_t n;
	int e;

	n = snprintf(text, sizeof(text), "AKA-REQ-AUTH %s", imsi);
	if (send(auc->socket, text, (size_t)n, 0) != n ||
	    (n = recv(auc->socket, text, sizeof(text) - 1, 0)) <= 0)
		return fault_set(fault, FAULT_SYSTEM, "is it still running?",
				 "the authentication centre does not answer: %s", strerror(errno));
	text[n] = 0;
	e = take_vector(vector, text, imsi, fault);
	wipe(text, sizeof(text));
	return e;
}

int auc_client_resynchronise(struct auc_client *auc, const char *imsi, const uint8_t auts[static 14],
			     const uint8_t rand[static 16], struct fault *fault)
{
	char text[128], auts_hex[29], rand_hex[33];
	int n;

	hex_write(auts_hex, auts, 14);
	hex_write(rand_hex, rand, 16);
	n = snprintf(text, sizeof(text), "AKA-AUTS %s %s %s", imsi, auts_hex, rand_hex);
	if (send(auc->socket, text, (size_t)n, 0) == n)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, NULL, "the authentication centre does not listen: %s",
			 strerror(errno));
}
