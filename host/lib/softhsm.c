/* softhsm.c - why through PKCS#11 and not softhsm2-util: the PINs would have
 * to stand on its command line, where everybody on the machine can read them. */
#include "lib/softhsm.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/secret.h"

enum {
	PIN_DIGITS = 32, /* hex: 128 bits */
	TOKEN_MAX = 16384
};

const char *softhsm_module(void)
{
	static const char *const places[] = {
		"/usr/lib/softhsm/libsofthsm2.so",          "/usr/local/lib/softhsm/libsofthsm2.so",
		"/usr/lib64/softhsm/libsofthsm2.so",        "/usr/lib64/pkcs11/libsofthsm2.so",
		"/opt/homebrew/lib/softhsm/libsofthsm2.so",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], R_OK) == 0)
			return places[i];
	return NULL;
}

static int join(char path[static PATH_MAX], const char *folder, const char *name, struct fault *fault)
{
	if (snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
		return fault_set(fault, FAULT_USAGE, "use a shorter path", "\"%s/%s\" is too long", folder,
				 name);
	return 0;
}

static int make_folder(const char *path, struct fault *fault)
{
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make folder %s: %s", path,
				 strerror(errno));
	return 0;
}

/* Write a whole new file, durably: it is there complete or not at all. */
static int write_file(const char *path, const char *bytes, size_t length, struct fault *fault)
{
	char beside[PATH_MAX + 8];
	int fd, saved;

	(void)snprintf(beside, sizeof(beside), "%s.new", path);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0 && write(fd, bytes, length) == (ssize_t)length && fsync(fd) == 0 && close(fd) == 0 &&
	    rename(beside, path) == 0)
		return 0;
	saved = errno;
	(void)unlink(beside);
	return fault_set(fault, FAULT_SYSTEM, "free some space or choose another folder",
			 "cannot write %s: %s", path, strerror(saved));
}

static int random_pin(char pin[static PIN_DIGITS + 1], struct fault *fault)
{
	uint8_t bytes[PIN_DIGITS / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return fault_set(fault, FAULT_SYSTEM, NULL, "the system gives no random bytes: %s",
				 strerror(errno));
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(pin + 2 * i, 3, "%02x", bytes[i]);
	secret_wipe(bytes, sizeof(bytes));
	return 0;
}

static CK_RV initialise_slot(CK_FUNCTION_LIST *module, const char *label, char *officer, char *user)
{
	CK_SLOT_ID slots[16];
	CK_ULONG count = sizeof(slots) / sizeof(slots[0]);
	CK_SESSION_HANDLE session;
	CK_TOKEN_INFO info;
	unsigned char padded[32];
	CK_RV answer = module->C_GetSlotList(CK_TRUE, slots, &count);

	if (answer != CKR_OK)
		return answer;
	if (count == 0)
		return CKR_TOKEN_NOT_PRESENT;
	/* The free slot is the last one; a token left half made by a crash stays unused. */
	answer = module->C_GetTokenInfo(slots[count - 1], &info);
	if (answer != CKR_OK)
		return answer;
	if (info.flags & CKF_TOKEN_INITIALIZED)
		return CKR_TOKEN_NOT_RECOGNIZED;
	for (size_t i = 0; i < sizeof(padded); i++)
		padded[i] = (unsigned char)(*label ? *label++ : ' ');
	answer = module->C_InitToken(slots[count - 1], (CK_UTF8CHAR *)officer, strlen(officer), padded);
	if (answer != CKR_OK)
		return answer;
	answer = module->C_OpenSession(slots[count - 1], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
				       &session);
	if (answer != CKR_OK)
		return answer;
	answer = module->C_Login(session, CKU_SO, (CK_UTF8CHAR *)officer, strlen(officer));
	if (answer == CKR_OK)
		answer = module->C_InitPIN(session, (CK_UTF8CHAR *)user, strlen(user));
	(void)module->C_CloseSession(session);
	return answer;
}

static int initialise(const char *label, char *user, struct fault *fault)
{
	CK_FUNCTION_LIST *module;
	char officer[PIN_DIGITS + 1];
	const char *path = softhsm_module();
	CK_RV answer;

	if (!path)
		return fault_set(fault, FAULT_HSM,
				 "install the package softhsm2, or name another HSM by its URI",
				 "SoftHSM 2 is not installed");
	if (random_pin(officer, fault) < 0)
		return -1;
	p11_kit_be_quiet();
	module = p11_kit_module_load(path, 0);
	if (!module)
		return fault_set(fault, FAULT_HSM, NULL, "cannot load %s", path);
	answer = p11_kit_module_initialize(module);
	if (answer == CKR_OK) {
		answer = initialise_slot(module, label, officer, user);
		(void)p11_kit_module_finalize(module);
	}
	p11_kit_module_release(module);
	secret_wipe(officer, sizeof(officer));
	if (answer != CKR_OK)
		return fault_set(fault, FAULT_HSM,
				 "check that the folder can be written and the disk is not full",
				 "cannot initialise a SoftHSM token: %s", p11_kit_strerror(answer));
	return 0;
}

/* ---- SoftHSM 2 rewrites token.object in place at every login, so a crash at
 * that moment empties it and the whole token is lost. Its contents change in
 * flags only, never in length; a copy is kept and put back. ---- */

static int find_token(char path[static PATH_MAX], const char *whole)
{
	char pattern[PATH_MAX];
	glob_t found = {0};
	int result = -1;

	(void)snprintf(pattern, sizeof(pattern), "%.*s/tokens/*/token.object", PATH_MAX - 32, whole);
	if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0 && found.gl_pathc == 1 &&
	    strlen(found.gl_pathv[0]) < PATH_MAX) {
		memcpy(path, found.gl_pathv[0], strlen(found.gl_pathv[0]) + 1);
		result = 0;
	}
	globfree(&found);
	return result;
}

static int copy_file(const char *from, const char *to, struct fault *fault)
{
	char bytes[TOKEN_MAX];
	ssize_t length;
	int fd = open(from, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot open %s: %s", from, strerror(errno));
	length = read(fd, bytes, sizeof(bytes));
	(void)close(fd);
	if (length <= 0 || length == (ssize_t)sizeof(bytes))
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot copy %s", from);
	return write_file(to, bytes, (size_t)length, fault);
}

static int keep_copy(const char *whole, struct fault *fault)
{
	char token[PATH_MAX], copy[PATH_MAX];

	if (find_token(token, whole) < 0)
		return fault_set(fault, FAULT_HSM, NULL, "SoftHSM made no token in %s", whole);
	if (join(copy, whole, "token.copy", fault) < 0)
		return -1;
	return copy_file(token, copy, fault);
}

static int repair(const char *whole, struct fault *fault)
{
	char token[PATH_MAX], copy[PATH_MAX];
	struct stat now, then;

	if (find_token(token, whole) < 0 || join(copy, whole, "token.copy", fault) < 0 ||
	    stat(token, &now) < 0 || stat(copy, &then) < 0 || now.st_size >= then.st_size)
		return 0; /* nothing to repair, or nothing to repair it with */
	return copy_file(copy, token, fault);
}

static int use(const char *folder, char whole[static PATH_MAX], struct fault *fault)
{
	char path[PATH_MAX];

	if (!realpath(folder, whole))
		return fault_set(fault, FAULT_HSM, "make it with a ceremony, or check the path",
				 "SoftHSM folder %s: %s", folder, strerror(errno));
	if (join(path, whole, "softhsm2.conf", fault) < 0)
		return -1;
	if (setenv("SOFTHSM2_CONF", path, 1) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	return where->level == 0 ? 0 : remove(path);
}

/* What a crash left of a token that was never finished goes: nobody knows its PIN. */
static int empty_tokens(const char *path, struct fault *fault)
{
	if (nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot empty %s: %s", path, strerror(errno));
	return 0;
}

static int configure(const char *whole, struct fault *fault)
{
	char path[PATH_MAX], text[PATH_MAX + 256];

	if (join(path, whole, "tokens", fault) < 0 || make_folder(path, fault) < 0 ||
	    empty_tokens(path, fault) < 0)
		return -1;
	(void)snprintf(text, sizeof(text),
		       "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n"
		       "slots.removable = false\n",
		       path);
	if (join(path, whole, "softhsm2.conf", fault) < 0)
		return -1;
	return write_file(path, text, strlen(text), fault);
}

/* The PIN is written last: a folder with a pin file is a finished token. */
int softhsm_make(const char *folder, const char *label, struct fault *fault)
{
	char whole[PATH_MAX], path[PATH_MAX], pin[PIN_DIGITS + 2];
	int result = -1;

	if (label[0] == 0 || strlen(label) > 32)
		return fault_set(fault, FAULT_USAGE, "use 1 to 32 characters", "token label \"%s\"", label);
	if (make_folder(folder, fault) < 0 || use(folder, whole, fault) < 0 ||
	    join(path, whole, "pin", fault) < 0)
		return -1;
	if (access(path, F_OK) == 0)
		return 0;
	if (configure(whole, fault) < 0 || random_pin(pin, fault) < 0)
		return -1;
	if (initialise(label, pin, fault) == 0 && keep_copy(whole, fault) == 0) {
		pin[PIN_DIGITS] = '\n';
		pin[PIN_DIGITS + 1] = 0;
		result = write_file(path, pin, strlen(pin), fault);
	}
	secret_wipe(pin, sizeof(pin));
	return result;
}

int softhsm_uri(char *uri, size_t size, const char *folder, struct fault *fault)
{
	char whole[PATH_MAX], path[PATH_MAX], source[PATH_MAX + 8], *text = NULL;
	const char *module = softhsm_module();
	P11KitUri *parts;
	int result = -1;

	if (!module)
		return fault_set(fault, FAULT_HSM, "install the package softhsm2",
				 "SoftHSM 2 is not installed");
	if (use(folder, whole, fault) < 0 || join(path, whole, "pin", fault) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return fault_set(fault, FAULT_HSM, "make it with a ceremony, or check the path",
				 "%s holds no finished SoftHSM token", folder);
	if (repair(whole, fault) < 0)
		return -1;
	(void)snprintf(source, sizeof(source), "file:%s", path);
	parts = p11_kit_uri_new();
	if (parts) {
		p11_kit_uri_set_module_path(parts, module);
		p11_kit_uri_set_pin_source(parts, source);
		(void)p11_kit_uri_format(parts, P11_KIT_URI_FOR_ANY, &text);
	}
	if (text && strlen(text) < size) {
		memcpy(uri, text, strlen(text) + 1);
		result = 0;
	} else {
		fault_set(fault, FAULT_SYSTEM, "use a shorter path", "cannot write the URI of %s", folder);
	}
	free(text);
	p11_kit_uri_free(parts);
	return result;
}
