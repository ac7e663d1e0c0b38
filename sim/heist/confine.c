#include "heist/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

/* A build with the address sanitizer looks at its own memory through /proc and ptrace. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif

static const uint64_t may_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t may_run = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
static const uint64_t may_write =
	LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_TRUNCATE;

/* All rights of Landlock's first version are taken away, and later ones when the kernel knows them. */
static uint64_t all_rights(long version)
{
	uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

	rights |= version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
	rights |= version >= 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0;
	return rights;
}

/* Allow something below (or on) a path; a path that is not there needs no rule. */
static int allow(int ruleset, const char *path, uint64_t rights, uint64_t handled)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = rights & handled};
	struct stat status;
	int e;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return errno == ENOENT ? 0 : -1;
	if (fstat(rule.parent_fd, &status) == 0 && !S_ISDIR(status.st_mode)) /* no folder rights on a file */
		rule.allowed_access &= may_run | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;
	e = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return e;
}

static int allow_loader(int ruleset, uint64_t handled)
{
	glob_t found = {0};
	int e = 0;
	size_t i;

	(void)glob("/lib*/ld-*.so*", 0, NULL, &found);
	(void)glob("/lib/*/ld-*.so*", GLOB_APPEND, NULL, &found);
	for (i = 0; i < found.gl_pathc && e == 0; i++)
		e = allow(ruleset, found.gl_pathv[i], may_run, handled);
	globfree(&found);
	return e;
}

/* False when this kernel has no Landlock. */
static bool confine_files(const char *program, const char *captured, const char *out)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr attributes;
	uint64_t handled;
	int ruleset;
	bool done;

	if (version < 1)
		return false;
	memset(&attributes, 0, sizeof(attributes));
	attributes.handled_access_fs = handled = all_rights(version);
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes.handled_access_fs),
			       0);
	if (ruleset < 0)
		return false;
	done = allow(ruleset, captured, may_read, handled) == 0 &&
	       allow(ruleset, out, may_write, handled) == 0 &&
	       allow(ruleset, program, may_run, handled) == 0 && allow_loader(ruleset, handled) == 0 &&
	       allow(ruleset, "/usr/lib", may_read, handled) == 0 &&
	       allow(ruleset, "/lib", may_read, handled) == 0 &&
	       allow(ruleset, "/lib64", may_read, handled) == 0 &&
	       allow(ruleset, "/etc/ld.so.cache", may_read, handled) == 0 &&
#ifdef SANITIZED
	       allow(ruleset, "/proc", may_read, handled) == 0 &&
#endif
	       syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close(ruleset);
	return done;
}

/* The numbers of system calls below are this machine's own; those of another
 * one it also runs (i386, x32 on x86-64; ARM on AArch64) would mean other calls. */
#if defined(__x86_64__)
#define OWN_CALLS   AUDIT_ARCH_X86_64
#define FOREIGN_BIT 0x40000000U /* x32 */
#elif defined(__aarch64__)
#define OWN_CALLS AUDIT_ARCH_AARCH64
#elif defined(__i386__)
#define OWN_CALLS AUDIT_ARCH_I386
#elif defined(__arm__) && defined(__ARMEL__)
#define OWN_CALLS AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define OWN_CALLS AUDIT_ARCH_RISCV64
#endif

#define DENY(call)                                                                                           \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1),                                                   \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

/* No sockets of any kind, no hand in another process, no file by its handle.
 * False when this kernel has no filters, or the machine is none of the above. */
static bool confine_calls(void)
{
#ifdef OWN_CALLS
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_CALLS, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef FOREIGN_BIT
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FOREIGN_BIT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
#endif
#ifdef SYS_socketcall
		DENY(SYS_socketcall),
#endif
		DENY(SYS_socket),
		DENY(SYS_socketpair),
		DENY(SYS_kill),
		DENY(SYS_tkill),
		DENY(SYS_tgkill),
		DENY(SYS_rt_sigqueueinfo),
		DENY(SYS_rt_tgsigqueueinfo),
		DENY(SYS_pidfd_send_signal),
		DENY(SYS_open_by_handle_at),
#ifndef SANITIZED
		DENY(SYS_ptrace),
#endif
		DENY(SYS_process_vm_readv),
		DENY(SYS_process_vm_writev),
		DENY(SYS_pidfd_getfd),
		DENY(SYS_io_uring_setup),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof(filter) / sizeof(filter[0]), .filter = filter};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
#else
	return false;
#endif
}

int confine_and_run(const char *program, const char *captured, const char *out, struct fault *fault)
{
	const char *const arguments[] = {program, captured, out, NULL};
	char *const nothing[] = {NULL};
	const struct rlimit no_core = {0, 0};
	struct confinement enforced;

	(void)setrlimit(RLIMIT_CORE, &no_core);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(SYS_close_range, 3, ~0U, 0) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot confine a thief: %s", strerror(errno));
	enforced.files = confine_files(program, captured, out);
	enforced.sockets = confine_calls();
	printf("{\"type\":\"confinement\",\"schema\":1,\"files\":%s,\"sockets\":%s}\n",
	       enforced.files ? "true" : "false", enforced.sockets ? "true" : "false");
	fflush(stdout);
	execve(program, (char *const *)(uintptr_t)arguments, nothing);
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot run %s: %s", program, strerror(errno));
}
