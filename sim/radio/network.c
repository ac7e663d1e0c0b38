#include "radio/network.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "crypto/compare.h"
#include "crypto/wipe.h"
#include "lib/hex.h"

/* The vectors, CK and IK in them, come here: into a folder that nobody else can
 * enter, under a name that nobody can take first. */
static int bind_own(struct network *network, struct sockaddr_un *address, struct fault *fault)
{
	const char *place = getenv("TMPDIR");
	int n = snprintf(network->own, sizeof(network->own), "%s/simrite-radio.XXXXXX/socket",
			 place && *place ? place : "/tmp");
	char *slash = network->own + n - strlen("/socket");

	if (n < 0 || (size_t)n >= sizeof(network->own)) {
		network->own[0] = 0;
		return fault_set(fault, FAULT_SYSTEM, "set TMPDIR to a shorter path",
				 "the socket's path is too long");
	}
	*slash = 0;
	if (!mkdtemp(network->own)) {
		fault_set(fault, FAULT_SYSTEM, "set TMPDIR to a folder you may write in",
			  "cannot make a folder for a socket in %s: %s", place && *place ? place : "/tmp",
			  strerror(errno));
		network->own[0] = 0;
		return -1;
	}
	*slash = '/';
	memcpy(address->sun_path, network->own, sizeof(address->sun_path));
	if (bind(network->socket, (struct sockaddr *)address, sizeof(*address)) == 0)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, "set TMPDIR to a folder of another file system",
			 "cannot make a socket %s: %s", network->own, strerror(errno));
}

static void remove_own(struct network *network)
{
	char *slash = strrchr(network->own, '/');

	if (!slash)
		return;
	(void)unlink(network->own);
	*slash = 0;
	(void)rmdir(network->own);
}

int network_start(struct network *network, const char *centre, struct fault *fault)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = 10};

	memset(network, 0, sizeof(*network));
	network->next_address = 0x0A2D0002; /* 10.45.0.2 */
	network->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (network->socket < 0 || bind_own(network, &address, fault) < 0)
		goto failed;
	if (strlen(centre) >= sizeof(address.sun_path)) {
		fault_set(fault, FAULT_USAGE, NULL,
			  "the path of the authentication centre's socket is too long");
		goto failed;
	}
	memcpy(address.sun_path, centre, strlen(centre) + 1);
	(void)setsockopt(network->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(network->socket, (struct sockaddr *)&address, sizeof(address)) == 0)
		return 0;
	fault_set(fault, FAULT_INPUT, "start it: simrite auc serve", "no authentication centre at %s: %s",
		  centre, strerror(errno));
failed:
	network_stop(network);
	return -1;
}

void network_stop(struct network *network)
{
	if (network->socket >= 0)
		close(network->socket);
	remove_own(network);
	wipe(network, sizeof(*network));
	network->socket = -1;
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

static int take_vector(struct network *network, char *text, struct fault *fault)
{
	char *verb = strsep(&text, " "), *imsi = strsep(&text, " ");
	int n;

	if (!verb || !imsi || strcmp(verb, "AKA-RESP-AUTH") != 0 || strcmp(imsi, network->imsi) != 0)
		return fault_set(fault, FAULT_INPUT, NULL,
				 "the authentication centre answered something else");
	if (text && !strcmp(text, "FAILURE"))
		return fault_set(fault, FAULT_NO, "import the subscriber first",
				 "the authentication centre has no vector for %s", network->imsi);
	if (take_hex(&text, network->rand, 16, 16) < 0 || take_hex(&text, network->autn, 16, 16) < 0 ||
	    take_hex(&text, network->ik, 16, 16) < 0 || take_hex(&text, network->ck, 16, 16) < 0 ||
	    (n = take_hex(&text, network->res, 4, 16)) < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "the authentication centre sent half a vector");
	network->res_length = (size_t)n;
	return 0;
}

static int ask_vector(struct network *network, uint8_t out[static NAS_MAX], struct fault *fault)
{
	char text[1024];
	ssize_t n;
	int e;

	n = snprintf(text, sizeof(text), "AKA-REQ-AUTH %s", network->imsi);
	if (send(network->socket, text, (size_t)n, 0) != n ||
	    (n = recv(network->socket, text, sizeof(text) - 1, 0)) <= 0)
		return fault_set(fault, FAULT_SYSTEM, "is it still running?",
				 "the authentication centre does not answer: %s", strerror(errno));
	text[n] = 0;
	e = take_vector(network, text, fault);
	wipe(text, sizeof(text));
	if (e < 0)
		return -1;
	if (lte_keys_derive(&network->keys, network->ck, network->ik, network->sn, network->autn, 0) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the key derivation failed");
	return (int)nas_authentication_request(out, network->rand, network->autn);
}

/* Serving network 001/01: test PLMNs have two digits of MNC here. */
static int hear_attach(struct network *network, uint8_t out[static NAS_MAX], const struct nas *nas,
		       struct fault *fault)
{
	const char *d = nas->imsi;

	if (strncmp(d, "00101", 5) != 0 && strncmp(d, "999", 3) != 0)
		return fault_set(fault, FAULT_POLICY, "use IMSIs that begin with 00101 or 999",
				 "%s is not of a test network; this radio serves no other", d);
	memcpy(network->imsi, d, sizeof(network->imsi));
	network->sn[0] = (uint8_t)((d[1] - '0') << 4 | (d[0] - '0'));
	network->sn[1] = (uint8_t)(0xF0 | (d[2] - '0'));
	network->sn[2] = (uint8_t)((d[4] - '0') << 4 | (d[3] - '0'));
	network->nas_up = network->nas_down = 0;
	network->resynchronised = 0;
	network->attached = false;
	return ask_vector(network, out, fault);
}

static int hear_failure(struct network *network, uint8_t out[static NAS_MAX], const struct nas *nas,
			struct fault *fault)
{
	char text[128], auts[29], rand[33];
	int n;

	if (nas->cause != NAS_SYNCH_FAILURE || network->resynchronised++)
		return (int)nas_authentication_reject(out);
	hex_write(auts, nas->auts, 14);
	hex_write(rand, network->rand, 16);
	n = snprintf(text, sizeof(text), "AKA-AUTS %s %s %s", network->imsi, auts, rand);
	if (send(network->socket, text, (size_t)n, 0) != n)
		return fault_set(fault, FAULT_SYSTEM, NULL, "the authentication centre does not listen: %s",
				 strerror(errno));
	return ask_vector(network, out, fault);
}

static int hear_response(struct network *network, uint8_t out[static NAS_MAX], const struct nas *nas)
{
	size_t n;

	if (nas->res_length != network->res_length ||
	    compare_equal(nas->res, network->res, network->res_length) != GRANTED)
		return (int)nas_authentication_reject(out);
	n = nas_security_mode_command(out);
	return nas_protect(out, n, NAS_INTEGRITY_NEW, &network->keys, network->nas_down++, DOWNLINK);
}

static int hear_protected(struct network *network, uint8_t out[static NAS_MAX], uint8_t *in, size_t length,
			  struct fault *fault)
{
	int n = nas_unprotect(in, length, &network->keys, network->nas_up, UPLINK);

	if (n < 2)
		return fault_set(fault, FAULT_NO, NULL, "%s: a message of the phone has a wrong MAC",
				 network->imsi);
	network->nas_up++;
	if (in[1] == NAS_SECURITY_MODE_COMPLETE) {
		network->address = network->next_address++;
		n = (int)nas_attach_accept(out, network->sn, network->address);
		return nas_protect(out, (size_t)n, NAS_CIPHERED, &network->keys, network->nas_down++,
				   DOWNLINK);
	}
	network->attached |= in[1] == NAS_ATTACH_COMPLETE;
	return 0;
}

int network_hear(struct network *network, uint8_t out[static NAS_MAX], uint8_t *in, size_t length,
		 struct fault *fault)
{
	struct nas nas;

	if (length > 0 && in[0] >> 4)
		return hear_protected(network, out, in, length, fault);
	if (nas_parse(&nas, in, length) != OK)
		return 0;
	if (nas.type == NAS_ATTACH_REQUEST)
		return hear_attach(network, out, &nas, fault);
	if (nas.type == NAS_AUTHENTICATION_RESPONSE)
		return hear_response(network, out, &nas);
	if (nas.type == NAS_AUTHENTICATION_FAILURE)
		return hear_failure(network, out, &nas, fault);
	return 0;
}
