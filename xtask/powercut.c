/* A layer between a program and its files that can cut the power or fill the disk.

   Loaded by LD_PRELOAD. It looks after the files beneath one folder and passes everything else on.

     POWERCUT_FOLDER   the folder, as an absolute path without links
     POWERCUT_JOURNAL  an empty folder on the same file system: `journal` gets what was done and not
                       yet synced, `kept-N` are files that lost their name meanwhile
     POWERCUT_AFTER    the process ends (SIGKILL) before its operation of this number, from 0
     POWERCUT_DEAF     if set, no sync is heard: a disk that lies
     POWERCUT_FULL     while a file stands at this path, nothing can grow: ENOSPC
     POWERCUT_ROOM     bytes by which files may grow before the disk is full

   Nothing is really synced: what the system holds outlives a killed process, and xtask takes away
   afterwards what a power cut would have taken. An operation is written down under one lock together
   with being done, so the journal's order is the order of events.

   Not seen: what is written through a mapping (SQLite's -shm only, which xtask removes; any other is
   noted and makes the story fail), and programs' own system calls that bypass the C library. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX], kept[PATH_MAX], full[PATH_MAX];
static size_t folder_length;
static int journal = -1, deaf;
static long after = -1, room = -1, count, kept_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* What stands before each entry; xtask/src/powercut.rs reads the same. */
struct entry {
    uint64_t kind, inode, at, old_size, path_length, other_length, old_length, new_length;
};

__attribute__((constructor)) static void start(void) {
    const char *text = getenv("POWERCUT_FOLDER");
    if (!text) return;
    snprintf(folder, sizeof folder, "%s", text);
    folder_length = strlen(folder);
    if ((text = getenv("POWERCUT_FULL"))) snprintf(full, sizeof full, "%s", text);
    if ((text = getenv("POWERCUT_ROOM"))) room = atol(text);
    if ((text = getenv("POWERCUT_AFTER"))) after = atol(text);
    deaf = getenv("POWERCUT_DEAF") != NULL;
    if ((text = getenv("POWERCUT_JOURNAL"))) {
        char name[PATH_MAX + 16];
        snprintf(kept, sizeof kept, "%s", text);
        snprintf(name, sizeof name, "%s/journal", kept);
        journal = (int)syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (journal < 0) abort();
    }
}

static int beneath(const char *path) {
    return folder_length && !strncmp(path, folder, folder_length) &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

static int is_shared_memory(const char *path) {
    size_t length = strlen(path);
    return length > 4 && !strcmp(path + length - 4, "-shm");
}

/* Where a descriptor leads; 0 if that is none of our business. */
static int path_of(int fd, char *path) {
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, name, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return beneath(path);
}

static int absolute(int at, const char *name, char *path) {
    int saved = errno;
    char base[PATH_MAX] = "";
    if (!folder_length) return 0;
    if (name[0] != '/') {
        if (at == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) base[0] = 0;
        } else {
            path_of(at, base);
        }
        strncat(base, "/", sizeof base - strlen(base) - 1);
    }
    snprintf(path, PATH_MAX, "%s%s", base, name);
    errno = saved;
    return beneath(path);
}

static uint64_t inode_at(const char *path) {
    struct stat found;
    int saved = errno;
    uint64_t inode = fstatat(AT_FDCWD, path, &found, AT_SYMLINK_NOFOLLOW) ? 0 : found.st_ino;
    errno = saved;
    return inode;
}

/* One operation begins: here the power may fail. */
static void enter(void) {
    pthread_mutex_lock(&lock);
    if (journal >= 0 && after >= 0 && count++ >= after) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
}

static void leave(void) { pthread_mutex_unlock(&lock); }

static void note(struct entry entry, const char *path, const char *other, const void *old,
                 const struct iovec *parts, int parts_count) {
    if (journal < 0) return;
    int saved = errno;
    struct iovec all[4] = {
        {&entry, sizeof entry},
        {(void *)path, path ? strlen(path) : 0},
        {(void *)other, other ? strlen(other) : 0},
        {(void *)old, entry.old_length},
    };
    entry.path_length = all[1].iov_len;
    entry.other_length = all[2].iov_len;
    if (syscall(SYS_writev, journal, all, 4) < 0) abort();
    if (parts_count && syscall(SYS_writev, journal, parts, parts_count) < 0) abort();
    errno = saved;
}

/* Gives a file that loses its name another one, so that the loss can be undone. */
static uint64_t keep(const char *path) {
    char name[PATH_MAX + 32];
    if (journal < 0) return 0;
    snprintf(name, sizeof name, "%s/kept-%ld", kept, ++kept_count);
    return syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, name, 0) ? 0 : (uint64_t)kept_count;
}

/* Whether a file may grow by so many bytes. */
static int fits(uint64_t more) {
    if (!more) return 1;
    if (full[0] && !faccessat(AT_FDCWD, full, F_OK, 0)) return 0;
    if (room < 0) return 1;
    if ((uint64_t)room < more) return 0;
    room -= (long)more;
    return 1;
}

static void *old_bytes(int fd, uint64_t at, uint64_t length) {
    char name[64];
    void *bytes = malloc(length ? length : 1);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    int again = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC);
    if (!bytes || again < 0) abort();
    for (uint64_t read = 0; read < length;) {
        long some = syscall(SYS_pread64, again, (char *)bytes + read, length - read, at + read);
        if (some <= 0) abort();
        read += (uint64_t)some;
    }
    syscall(SYS_close, again);
    return bytes;
}

/* Writes down what a write will do away with; at < 0 stands for the descriptor's own place.
   Returns 0 if the disk is full. The caller holds the lock. */
static int before_write(int fd, const char *path, int64_t at, const struct iovec *parts, int parts_count) {
    struct stat found;
    uint64_t length = 0;
    for (int i = 0; i < parts_count; i++) length += parts[i].iov_len;
    if (fstat(fd, &found)) return 1;
    uint64_t size = (uint64_t)found.st_size;
    if (at < 0) at = fcntl(fd, F_GETFL) & O_APPEND ? (int64_t)size : lseek(fd, 0, SEEK_CUR);
    uint64_t end = (uint64_t)at + length;
    if (!fits(end > size ? end - size : 0)) {
        errno = ENOSPC;
        return 0;
    }
    if (journal < 0 || is_shared_memory(path)) return 1;
    uint64_t old = (uint64_t)at < size ? (end < size ? end : size) - (uint64_t)at : 0;
    void *bytes = old ? old_bytes(fd, (uint64_t)at, old) : NULL;
    note((struct entry){.kind = 'W', .inode = found.st_ino, .at = (uint64_t)at, .old_size = size,
                        .old_length = old, .new_length = length},
         NULL, NULL, bytes, parts, parts_count);
    free(bytes);
    return 1;
}

static int ours(int fd, char *path) {
    struct stat found;
    int saved = errno;
    int yes = folder_length && !fstat(fd, &found) && S_ISREG(found.st_mode) && path_of(fd, path);
    errno = saved;
    return yes;
}

static ssize_t write_parts(int fd, const struct iovec *parts, int parts_count, int64_t at) {
    char path[PATH_MAX];
    int watched = ours(fd, path);
    if (watched) {
        enter();
        if (!before_write(fd, path, at, parts, parts_count)) {
            leave();
            return -1;
        }
    }
    ssize_t done = at < 0 ? syscall(SYS_writev, fd, parts, parts_count)
                          : syscall(SYS_pwritev, fd, parts, parts_count, (long)at, 0L);
    if (watched) leave();
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    return write_parts(fd, &(struct iovec){(void *)bytes, length}, 1, -1);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    return write_parts(fd, &(struct iovec){(void *)bytes, length}, 1, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return pwrite(fd, bytes, length, at); }
ssize_t writev(int fd, const struct iovec *parts, int parts_count) { return write_parts(fd, parts, parts_count, -1); }
ssize_t pwritev(int fd, const struct iovec *parts, int parts_count, off_t at) {
    return write_parts(fd, parts, parts_count, at);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int parts_count, off64_t at) {
    return write_parts(fd, parts, parts_count, at);
}

static void before_truncate(int fd, uint64_t size) {
    struct stat found;
    if (journal < 0 || fstat(fd, &found)) return;
    uint64_t old_size = (uint64_t)found.st_size, cut = size < old_size ? old_size - size : 0;
    if (size == old_size) return;
    void *bytes = cut ? old_bytes(fd, size, cut) : NULL;
    note((struct entry){.kind = 'T', .inode = found.st_ino, .at = size, .old_size = old_size, .old_length = cut},
         NULL, NULL, bytes, NULL, 0);
    free(bytes);
}

int ftruncate(int fd, off_t size) {
    char path[PATH_MAX];
    int watched = ours(fd, path) && !is_shared_memory(path);
    if (watched) {
        enter();
        before_truncate(fd, (uint64_t)size);
    }
    int done = (int)syscall(SYS_ftruncate, fd, size);
    if (watched) leave();
    return done;
}
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

/* Ways around `write`: the callers fall back to it. */
int fallocate(int fd, int mode, off_t at, off_t length) {
    char path[PATH_MAX];
    if (ours(fd, path)) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return (int)syscall(SYS_fallocate, fd, mode, at, length);
}
int fallocate64(int fd, int mode, off64_t at, off64_t length) { return fallocate(fd, mode, at, length); }
int posix_fallocate(int fd, off_t at, off_t length) {
    (void)fd, (void)at, (void)length;
    return EOPNOTSUPP;
}
ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t length, unsigned flags) {
    (void)in, (void)in_at, (void)out, (void)out_at, (void)length, (void)flags;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile(int out, int in, off_t *at, size_t length) {
    (void)in, (void)out, (void)at, (void)length;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile64(int out, int in, off64_t *at, size_t length) { return sendfile(out, in, at, length); }

static int sync_one(int fd, long number) {
    char path[PATH_MAX];
    struct stat found;
    if (!folder_length || journal < 0 || !path_of(fd, path) || fstat(fd, &found))
        return (int)syscall(number, fd);
    enter();
    if (!deaf)
        note((struct entry){.kind = S_ISDIR(found.st_mode) ? 'D' : 'S', .inode = found.st_ino}, path, NULL, NULL, NULL, 0);
    leave();
    return 0;
}
int fsync(int fd) { return sync_one(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_one(fd, SYS_fdatasync); }

static int open_one(int at, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    int changes = flags & (O_CREAT | O_TRUNC);
    if (!changes || !absolute(at, name, path) || is_shared_memory(path))
        return (int)syscall(SYS_openat, at, name, flags, mode);
    enter();
    int was_there = inode_at(path) != 0, fd;
    if (!was_there && (flags & O_CREAT) && !fits(1)) {
        errno = ENOSPC;
        fd = -1;
    } else if (was_there && (flags & O_TRUNC) && !(flags & O_EXCL)) {
        fd = (int)syscall(SYS_openat, at, name, flags & ~O_TRUNC, mode);
        if (fd >= 0) {
            before_truncate(fd, 0);
            if (syscall(SYS_ftruncate, fd, 0L)) abort();
        }
    } else {
        fd = (int)syscall(SYS_openat, at, name, flags, mode);
        if (fd >= 0 && !was_there)
            note((struct entry){.kind = 'C', .inode = inode_at(path)}, path, NULL, NULL, NULL, 0);
    }
    leave();
    return fd;
}

#define MODE(flags, mode)                                  \
    mode_t mode = 0;                                       \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                 \
        va_list list;                                      \
        va_start(list, flags);                             \
        mode = va_arg(list, mode_t);                       \
        va_end(list);                                      \
    }
int open(const char *name, int flags, ...) {
    MODE(flags, mode)
    return open_one(AT_FDCWD, name, flags, mode);
}
int open64(const char *name, int flags, ...) {
    MODE(flags, mode)
    return open_one(AT_FDCWD, name, flags, mode);
}
int openat(int at, const char *name, int flags, ...) {
    MODE(flags, mode)
    return open_one(at, name, flags, mode);
}
int openat64(int at, const char *name, int flags, ...) {
    MODE(flags, mode)
    return open_one(at, name, flags, mode);
}

static int rename_one(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    char path[PATH_MAX], other[PATH_MAX];
    int watched = absolute(from_at, from, path) | absolute(to_at, to, other);
    uint64_t moved = 0, replaced = 0, number = 0;
    if (watched) {
        enter();
        moved = inode_at(path);
        replaced = inode_at(other);
        if (replaced) number = keep(other);
    }
    int done = (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
    if (watched) {
        if (!done)
            note((struct entry){.kind = 'R', .inode = moved, .at = number, .old_size = replaced}, path, other, NULL, NULL, 0);
        leave();
    }
    return done;
}
int rename(const char *from, const char *to) { return rename_one(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return rename_one(a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return rename_one(a, from, b, to, flags); }

static int unlink_one(int at, const char *name, int flags) {
    char path[PATH_MAX];
    int watched = absolute(at, name, path) && !is_shared_memory(path), is_folder = flags & AT_REMOVEDIR;
    uint64_t inode = 0, number = 0;
    if (watched) {
        enter();
        inode = inode_at(path);
        if (inode && !is_folder) number = keep(path);
    }
    int done = (int)syscall(SYS_unlinkat, at, name, flags);
    if (watched) {
        if (!done)
            note((struct entry){.kind = is_folder ? 'X' : 'U', .inode = inode, .at = number}, path, NULL, NULL, NULL, 0);
        leave();
    }
    return done;
}
int unlink(const char *name) { return unlink_one(AT_FDCWD, name, 0); }
int unlinkat(int at, const char *name, int flags) { return unlink_one(at, name, flags); }
int rmdir(const char *name) { return unlink_one(AT_FDCWD, name, AT_REMOVEDIR); }

int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
    char path[PATH_MAX];
    int watched = absolute(to_at, to, path);
    if (watched) enter();
    int done = (int)syscall(SYS_linkat, from_at, from, to_at, to, flags);
    if (watched) {
        if (!done) note((struct entry){.kind = 'L', .inode = inode_at(path)}, path, NULL, NULL, NULL, 0);
        leave();
    }
    return done;
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int mkdirat(int at, const char *name, mode_t mode) {
    char path[PATH_MAX];
    int watched = absolute(at, name, path);
    if (watched) {
        enter();
        if (!inode_at(path) && !fits(1)) {
            leave();
            errno = ENOSPC;
            return -1;
        }
    }
    int done = (int)syscall(SYS_mkdirat, at, name, mode);
    if (watched) {
        if (!done) note((struct entry){.kind = 'M', .inode = inode_at(path)}, path, NULL, NULL, NULL, 0);
        leave();
    }
    return done;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t at) {
    char path[PATH_MAX];
    if (journal >= 0 && fd >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE) && path_of(fd, path) &&
        !is_shared_memory(path)) {
        pthread_mutex_lock(&lock);
        note((struct entry){.kind = 'N'}, path, NULL, NULL, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return (void *)syscall(SYS_mmap, where, length, protection, flags, fd, at);
}
void *mmap64(void *where, size_t length, int protection, int flags, int fd, off64_t at) {
    return mmap(where, length, protection, flags, fd, at);
}
