/* Requests are taken in rounds: all that wait, at most ROUND. Their sequence
 * numbers are committed once, and only then does any answer leave. */
#include "auc/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/eap_sim_db.h"
#include "lib/say.h"
#include "lib/secret.h"

enum {
	ROUND = 32,
	POLL_MS = 200, /* how late a stop may be noticed when it comes just before poll() */
};

struct exchange {
	struct sockaddr_un from;
	socklen_t from_length;
	struct eap_sim_db_request request;
	struct eap_sim_db_answer answer;
	bool answered;
};

struct server {
	int fd, lock;
	struct sockaddr_un address;
	char lock_path[sizeof(((struct sockaddr_un *)0)->sun_path) + 8];
	struct server_tally tally;
	struct exchange round[ROUND];
};

/* ---- the socket's place ---- */

/* Hold PATH.lock for as long as the server lives. The file that was locked
 * must still be the one at that name: the last holder may just have removed it. */
static int lock_take(struct server *server, struct fault *fault)
{
	struct stat ours, there;

	for (;;) {
		server->lock = open(server->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (server->lock < 0)
			return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", server->lock_path,
					 strerror(errno));
		if (flock(server->lock, LOCK_EX | LOCK_NB) < 0) {
			close(server->lock);
			server->lock = -1;
			return fault_set(fault, FAULT_POLICY, "stop the other one, or choose another path",
					 "%s: a server is answering there already", server->address.sun_path);
		}
		if (fstat(server->lock, &ours) == 0 && stat(server->lock_path, &there) == 0 &&
		    ours.st_ino == there.st_ino && ours.st_dev == there.st_dev)
			return 0;
		close(server->lock);
	}
}

/* Something at PATH that is not a socket is not ours to remove. */
static int clear_place(const char *path, struct fault *fault)
{
	struct stat status;

	if (lstat(path, &status) < 0)
		return errno == ENOENT
			       ? 0
			       : fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
	if (!S_ISSOCK(status.st_mode))
		return fault_set(fault, FAULT_POLICY, "choose another path", "%s: not a socket", path);
	if (unlink(path) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
	return 0;
}

int server_open(struct server **server, const char *path, struct fault *fault)
{
	struct server *made = calloc(1, sizeof(*made));
	mode_t mask;
	int bound;

	*server = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	made->fd = made->lock = -1;
	made->address.sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(made->address.sun_path)) {
		fault_set(fault, FAULT_INPUT, "choose a shorter path",
			  "a socket's path has at most %zu characters", sizeof(made->address.sun_path) - 1);
		goto out;
	}
	memcpy(made->address.sun_path, path, strlen(path) + 1);
	(void)snprintf(made->lock_path, sizeof(made->lock_path), "%s.lock", path);
	if (lock_take(made, fault) < 0 || clear_place(path, fault) < 0)
		goto out;
	made->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mask = umask(0177);
	bound = made->fd < 0 ? -1
			     : bind(made->fd, (const struct sockaddr *)&made->address, sizeof(made->address));
	(void)umask(mask);
	if (bound < 0) {
		fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
		goto out;
	}
	*server = made;
	return 0;
out:
	server_close(made);
	return -1;
}

void server_close(struct server *server)
{
	if (!server)
		return;
	if (server->fd >= 0) {
		close(server->fd);
		(void)unlink(server->address.sun_path);
	}
	if (server->lock >= 0) {
		(void)unlink(server->lock_path);
		close(server->lock);
	}
	secret_wipe(server, sizeof(*server));
	free(server);
}

const struct server_tally *server_tally(const struct server *server)
{
	return &server->tally;
}

/* ---- one request ---- */

static int answer_aka(struct server *server, struct exchange *exchange, struct auc *auc, struct fault *fault)
{
	struct eap_sim_db_answer *answer = &exchange->answer;
	struct auc_vector vector;

	int result = 0;

	if (auc_vector(auc, &vector, exchange->request.imsi, NULL, fault) < 0)
		return -1;
	if (vector.aka.autn_length != 16 || vector.aka.ik_length != 16 || vector.aka.ck_length != 16 ||
	    vector.aka.res_length > sizeof(answer->res)) {
		result = fault_set(fault, FAULT_NO,
				   "give it a MAC of 8, RES of up to 16, CK and IK of 16 bytes",
				   "IMSI %s: EAP and LTE cannot carry values as long as its key gives",
				   exchange->request.imsi);
	} else {
		memcpy(answer->rand[0], vector.aka.rand, 16);
		memcpy(answer->autn, vector.aka.autn, 16);
		memcpy(answer->ik, vector.aka.ik, 16);
		memcpy(answer->ck, vector.aka.ck, 16);
		memcpy(answer->res, vector.aka.res, vector.aka.res_length);
		answer->res_length = vector.aka.res_length;
		server->tally.vectors++;
	}
	secret_wipe(&vector, sizeof(vector));
	return result;
}

/* SIM draws the RANDs, GSM was given them. */
static int answer_triplets(struct server *server, struct exchange *exchange, struct auc *auc,
			   struct fault *fault)
{
	struct eap_sim_db_request *request = &exchange->request;
	struct eap_sim_db_answer *answer = &exchange->answer;
	unsigned i;

	if (request->verb == EAP_SIM_DB_SIM &&
	    getrandom(request->rand, sizeof(request->rand), 0) != sizeof(request->rand))
		return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
	memcpy(answer->rand, request->rand, sizeof(answer->rand));
	for (i = 0; i < request->count; i++) {
		if (auc_triplet(auc, answer->kc[i], answer->sres[i], request->imsi, answer->rand[i], fault) <
		    0)
			return -1;
		server->tally.triplets++;
	}
	return 0;
}

static int resynchronise(struct server *server, struct exchange *exchange, struct auc *auc,
			 struct fault *fault)
{
	const struct eap_sim_db_request *request = &exchange->request;
	int moved = auc_resynchronise(auc, request->imsi, request->auts, sizeof(request->auts),
				      request->rand[0], fault);

	if (moved < 0)
		return -1;
	server->tally.resynchronised++;
	say_note("IMSI %s: resynchronised%s", request->imsi, moved ? "" : ": we were ahead already");
	return 0;
}

/* A failure of one request is that request's answer, never the server's end. */
static void handle(struct server *server, struct exchange *exchange, struct auc *auc)
{
	struct fault fault = {0};
	int result = -1;

	exchange->answered = true;
	switch (exchange->request.verb) {
	case EAP_SIM_DB_AKA:
		result = answer_aka(server, exchange, auc, &fault);
		break;
	case EAP_SIM_DB_AUTS:
		result = resynchronise(server, exchange, auc, &fault);
		break;
	case EAP_SIM_DB_SIM:
	case EAP_SIM_DB_GSM:
		result = answer_triplets(server, exchange, auc, &fault);
		break;
	case EAP_SIM_DB_NOTHING:
		return;
	}
	exchange->answer.ok = result == 0;
	if (result < 0) {
		server->tally.failures++;
		say_note("refused: %s%s%s", fault.text, fault.hint[0] ? ": " : "", fault.hint);
	}
}

/* ---- a round ---- */

/* Take one waiting datagram: true when there was one. */
static bool take(struct server *server, struct exchange *exchange)
{
	uint8_t bytes[EAP_SIM_DB_SIZE + 1];
	ssize_t length;

	memset(exchange, 0, sizeof(*exchange));
	exchange->from_length = sizeof(exchange->from);
	length = recvfrom(server->fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&exchange->from,
			  &exchange->from_length);
	if (length < 0)
		return false;
	server->tally.requests++;
	if (eap_sim_db_parse(&exchange->request, bytes, (size_t)length) < 0) {
		/* FAILURE if it could be told who is meant, silence if not */
		server->tally.malformed++;
		exchange->answered = true;
	}
	return true;
}

static void give(struct server *server, struct exchange *exchange)
{
	char text[EAP_SIM_DB_SIZE];
	size_t length = eap_sim_db_write(text, &exchange->request, &exchange->answer);

	/* A client without a name of its own cannot be answered. */
	if (length > 0 && exchange->from_length > sizeof(sa_family_t))
		(void)sendto(server->fd, text, length, MSG_DONTWAIT, (const struct sockaddr *)&exchange->from,
			     exchange->from_length);
	secret_wipe(text, sizeof(text));
}

static void run_round(struct server *server, struct auc *auc)
{
	struct fault fault = {0};
	size_t count = 0, i;
	int result;

	while (count < ROUND && take(server, &server->round[count]))
		count++;
	if (count == 0)
		return;
	result = auc_begin(auc, &fault);
	for (i = 0; i < count && result == 0; i++)
		if (!server->round[i].answered)
			handle(server, &server->round[i], auc);
	if (result == 0)
		result = auc_commit(auc, &fault);
	if (result < 0) {
		auc_rollback(auc);
		say_note("no vector given out: %s", fault.text);
	}
	for (i = 0; i < count; i++) {
		if (result < 0)
			server->round[i].answer.ok = 0;
		give(server, &server->round[i]);
	}
	secret_wipe(server->round, sizeof(server->round));
}

int server_run(struct server *server, struct auc *auc, struct fault *fault)
{
	struct pollfd poll_fd = {.fd = server->fd, .events = POLLIN};
	int ready;

	while (!stop_asked()) {
		ready = poll(&poll_fd, 1, POLL_MS);
		if (ready < 0 && errno != EINTR)
			return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", server->address.sun_path,
					 strerror(errno));
		if (ready > 0 && (poll_fd.revents & (POLLERR | POLLNVAL)) != 0)
			return fault_set(fault, FAULT_SYSTEM, NULL, "%s: the socket failed",
					 server->address.sun_path);
		if (ready > 0)
			run_round(server, auc);
	}
	return 0;
}
