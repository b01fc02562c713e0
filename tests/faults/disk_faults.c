/* Preloaded into a program under test: counts the calls that change the disk, and at one of them the disk is
 * full, the device fails or the program is killed.
 *
 *   DISK_FAULT_AT=N      the call that fails, counted from 1; 0: none
 *   DISK_FAULT_KIND      kill: SIGKILL half way through the call
 *                        enospc, eio: this call fails with that error
 *                        full: this call and all later ones that need room fail with ENOSPC
 *
 * What failed goes to descriptor 3 as one line, such as "rename /w/demo/state". Calls go straight to the
 * kernel, past every library that may lie in between; fsync is counted, but nobody waits for the device.
 * Linux with glibc only. Thread rule: any thread. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): glibc's own */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { REPORT = 3 };
enum room { needs_room, needs_none };

static atomic_long calls;

static void report(const char* call, const char* path) {
  char line[4200];
  const int size = snprintf(line, sizeof line, "%s %s\n", call, path);
  syscall(SYS_write, REPORT, line, (size_t)size);
}

static int is_kind(const char* kind) {
  const char* wanted = getenv("DISK_FAULT_KIND");
  return wanted != NULL && strcmp(wanted, kind) == 0;
}

/* What a build that counts coverage writes about itself, the folders on the way to it included. */
static int is_profile(const char* path) {
  const char* profile = getenv("LLVM_PROFILE_FILE");
  return profile != NULL && (strncmp(profile, path, strlen(path)) == 0 || strstr(path, ".profraw") != NULL);
}

/* Counts one call. Nonzero when it has to fail: errno is set then, and the program may be about to die. */
static int fails(const char* call, const char* path, enum room room) {
  const char* at = getenv("DISK_FAULT_AT");
  const long wanted = at != NULL ? strtol(at, NULL, 10) : 0;
  if (is_profile(path)) return 0;
  const long now = atomic_fetch_add(&calls, 1) + 1;
  if (wanted == 0 || now < wanted) return 0;
  if (now > wanted && (!is_kind("full") || room == needs_none)) return 0;
  if (now == wanted) report(call, path);
  errno = is_kind("eio") ? EIO : ENOSPC;
  return 1;
}

static int die_or_fail(void) {
  if (is_kind("kill")) syscall(SYS_kill, getpid(), SIGKILL);
  return -1;
}

/* "" for what is no file on disk: a pipe, a terminal. */
static const char* path_of(int fd, char* room, size_t size) {
  char link[64];
  struct stat facts;
  if (syscall(SYS_fstat, fd, &facts) != 0 || (!S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode))) return "";
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const long got = syscall(SYS_readlink, link, room, size - 1);
  room[got > 0 ? got : 0] = 0;
  return room;
}

#define FAIL_PATH(call, path, room)                    \
  do {                                                 \
    if (fails(call, path, room)) return die_or_fail(); \
  } while (0)
#define FAIL_FD(call, fd, room)                                          \
  do {                                                                   \
    char text_[4096];                                                    \
    const char* path_ = path_of(fd, text_, sizeof text_);                \
    if (path_[0] != 0 && fails(call, path_, room)) return die_or_fail(); \
  } while (0)

static int do_open(int folder, const char* path, int flags, mode_t mode) {
  if ((flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0)
    FAIL_PATH("open", path, (flags & O_CREAT) != 0 ? needs_room : needs_none);
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define OPEN_WITH_MODE(folder, path, flags)                                      \
  mode_t mode = 0;                                                               \
  if (((flags) & (O_CREAT | O_TMPFILE)) != 0) { /* only then there is a third */ \
    va_list more;                                                                \
    va_start(more, flags);                                                       \
    mode = (mode_t)va_arg(more, int);                                            \
    va_end(more);                                                                \
  }                                                                              \
  return do_open(folder, path, flags, mode)
int open(const char* path, int flags, ...) { OPEN_WITH_MODE(AT_FDCWD, path, flags); }
int open64(const char* path, int flags, ...) { OPEN_WITH_MODE(AT_FDCWD, path, flags); }
int openat(int folder, const char* path, int flags, ...) { OPEN_WITH_MODE(folder, path, flags); }
int openat64(int folder, const char* path, int flags, ...) { OPEN_WITH_MODE(folder, path, flags); }
int creat(const char* path, mode_t mode) {
  return do_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int creat64(const char* path, mode_t mode) { return creat(path, mode); }

/* What fails has written half of it, as disks do. */
ssize_t write(int fd, const void* data, size_t size) {
  char text[4096];
  const char* path = path_of(fd, text, sizeof text);
  if (path[0] != 0 && fails("write", path, needs_room)) {
    const int why = errno;
    syscall(SYS_write, fd, data, size / 2);
    errno = why;
    return die_or_fail();
  }
  return syscall(SYS_write, fd, data, size);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  FAIL_FD("pwrite", fd, needs_room);
  return syscall(SYS_pwrite64, fd, data, size, at);
}
ssize_t pwrite64(int fd, const void* data, size_t size, off_t at) { return pwrite(fd, data, size, at); }
ssize_t writev(int fd, const struct iovec* parts, int count) {
  FAIL_FD("writev", fd, needs_room);
  return syscall(SYS_writev, fd, parts, count);
}

int fsync(int fd) {
  FAIL_FD("fsync", fd, needs_room);
  return 0;
}
int fdatasync(int fd) {
  FAIL_FD("fdatasync", fd, needs_room);
  return 0;
}
int ftruncate(int fd, off_t size) {
  FAIL_FD("ftruncate", fd, needs_room);
  return (int)syscall(SYS_ftruncate, fd, size);
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }
int fchmod(int fd, mode_t mode) {
  FAIL_FD("fchmod", fd, needs_none);
  return (int)syscall(SYS_fchmod, fd, mode);
}
int fchown(int fd, uid_t owner, gid_t group) {
  FAIL_FD("fchown", fd, needs_none);
  return (int)syscall(SYS_fchown, fd, owner, group);
}

int chmod(const char* path, mode_t mode) {
  FAIL_PATH("chmod", path, needs_none);
  return (int)syscall(SYS_fchmodat, AT_FDCWD, path, mode);
}
int fchmodat(int folder, const char* path, mode_t mode, int flags) {
  (void)flags;
  FAIL_PATH("fchmodat", path, needs_none);
  return (int)syscall(SYS_fchmodat, folder, path, mode);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  FAIL_PATH("rename", to, needs_room);
  return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  return renameat2(from_folder, from, to_folder, to, 0);
}
int rename(const char* from, const char* to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  FAIL_PATH("link", to, needs_room);
  return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}
int link(const char* from, const char* to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }
int symlinkat(const char* target, int folder, const char* path) {
  FAIL_PATH("symlink", path, needs_room);
  return (int)syscall(SYS_symlinkat, target, folder, path);
}
int symlink(const char* target, const char* path) { return symlinkat(target, AT_FDCWD, path); }

int mkdirat(int folder, const char* path, mode_t mode) {
  FAIL_PATH("mkdir", path, needs_room);
  return (int)syscall(SYS_mkdirat, folder, path, mode);
}
int mkdir(const char* path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int unlinkat(int folder, const char* path, int flags) {
  FAIL_PATH("unlink", path, needs_none);
  return (int)syscall(SYS_unlinkat, folder, path, flags);
}
int unlink(const char* path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char* path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char* path) {
  struct stat facts;
  const int is_folder = syscall(SYS_lstat, path, &facts) == 0 && S_ISDIR(facts.st_mode);
  return unlinkat(AT_FDCWD, path, is_folder ? AT_REMOVEDIR : 0);
}
