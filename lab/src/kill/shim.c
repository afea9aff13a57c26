// Interrupts a program at its nth file operation below a folder: kills it, or fails the operation.
//
// Preloaded by `cargo lab kill` (LD_PRELOAD); see interrupt.rs for the variables. Only this process is affected:
// its children do not load this library.

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// What an operation does. A full disk refuses to store, a folder without permission to change names.
enum { READ = 1, STORE = 2, NAME = 4 };

static char root[PATH_MAX];
static size_t root_length;
static long at, counted;
static int kinds, error_number, torn, lasting;
static const char *count_file;
static unsigned char inside[65536];

__attribute__((constructor)) static void start(void) {
    const char *folder = getenv("INTERRUPT_ROOT"), *number = getenv("INTERRUPT_AT");
    const char *what = getenv("INTERRUPT_KINDS"), *error = getenv("INTERRUPT_ERROR");
    if (!folder || !number || !what || !error || strlen(folder) >= sizeof root) return;
    strcpy(root, folder);
    root_length = strlen(root);
    at = atol(number);
    kinds = atoi(what);
    error_number = atoi(error);
    torn = getenv("INTERRUPT_TORN") != NULL;
    lasting = getenv("INTERRUPT_LASTING") != NULL;
    count_file = getenv("INTERRUPT_COUNT");
    unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void stop(void) {
    if (!count_file) return;
    FILE *file = fopen(count_file, "w");
    if (file) {
        fprintf(file, "%ld\n", counted);
        fclose(file);
    }
}

static int is_below(const char *path) {
    if (!root_length || !path) return 0;
    char whole[2 * PATH_MAX];
    if (path[0] != '/') {
        if (!getcwd(whole, PATH_MAX)) return 0;
        strcat(whole, "/");
        strncat(whole, path, PATH_MAX - 1);
        path = whole;
    }
    return strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || !path[root_length]);
}

static int is_inside(int fd) { return fd >= 0 && (size_t)fd < sizeof inside && inside[fd]; }

static int is_at(int fd, const char *path) {
    if (path && (path[0] == '/' || fd == AT_FDCWD)) return is_below(path);
    return is_inside(fd);
}

static void note(int fd, int ours) {
    if (fd >= 0 && (size_t)fd < sizeof inside) inside[fd] = (unsigned char)ours;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// Whether the operation has to fail; does not return if the program is to be killed.
static int fails(int kind) {
    if (!(kind & kinds)) return 0;
    long number = __sync_add_and_fetch(&counted, 1);
    if (at <= 0 || (lasting ? number < at : number != at)) return 0;
    if (!error_number) die();
    errno = error_number;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL(kind, ours) \
    if ((ours) && fails(kind)) return -1

static int kind_of(const char *path, int flags, int fd) {
    if (!(flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC))) return READ;
    struct stat found;
    int exists = fstatat(fd, path, &found, 0) == 0;
    return (flags & O_CREAT) && !exists ? STORE | NAME : NAME;
}

#define OPEN(name)                                                      \
    int name(const char *path, int flags, ...) {                        \
        va_list list;                                                   \
        va_start(list, flags);                                          \
        mode_t mode = va_arg(list, mode_t);                             \
        va_end(list);                                                   \
        int ours = is_below(path);                                      \
        FAIL(kind_of(path, flags, AT_FDCWD), ours);                     \
        int fd = NEXT(name)(path, flags, mode);                         \
        note(fd, ours);                                                 \
        return fd;                                                      \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                    \
    int name(int at_fd, const char *path, int flags, ...) {             \
        va_list list;                                                   \
        va_start(list, flags);                                          \
        mode_t mode = va_arg(list, mode_t);                             \
        va_end(list);                                                   \
        int ours = is_at(at_fd, path);                                  \
        FAIL(kind_of(path, flags, at_fd), ours);                        \
        int fd = NEXT(name)(at_fd, path, flags, mode);                  \
        note(fd, ours);                                                 \
        return fd;                                                      \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    note(fd, 0);
    return NEXT(close)(fd);
}

DIR *opendir(const char *path) {
    if (is_below(path) && fails(READ)) return NULL;
    DIR *dir = NEXT(opendir)(path);
    if (dir) note(dirfd(dir), is_below(path));
    return dir;
}

int closedir(DIR *dir) {
    note(dirfd(dir), 0);
    return NEXT(closedir)(dir);
}

// A full disk has room for half of it.
ssize_t write(int fd, const void *bytes, size_t length) {
    if (is_inside(fd) && (kinds & STORE)) {
        long number = counted + 1;
        if (torn && length > 1 && at > 0 && number == at) {
            __sync_add_and_fetch(&counted, 1);
            ssize_t written = NEXT(write)(fd, bytes, length / 2);
            if (!error_number) die();
            return written;
        }
        FAIL(STORE, 1);
    }
    return NEXT(write)(fd, bytes, length);
}

ssize_t read(int fd, void *bytes, size_t length) {
    FAIL(READ, is_inside(fd));
    return NEXT(read)(fd, bytes, length);
}

ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t length, unsigned flags) {
    FAIL(STORE, is_inside(to));
    return NEXT(copy_file_range)(from, a, to, b, length, flags);
}

int fsync(int fd) {
    FAIL(STORE, is_inside(fd));
    return NEXT(fsync)(fd);
}

int fchmod(int fd, mode_t mode) {
    FAIL(NAME, is_inside(fd));
    return NEXT(fchmod)(fd, mode);
}

int chmod(const char *path, mode_t mode) {
    FAIL(NAME, is_below(path));
    return NEXT(chmod)(path, mode);
}

int mkdir(const char *path, mode_t mode) {
    FAIL(STORE | NAME, is_below(path));
    return NEXT(mkdir)(path, mode);
}

int rename(const char *from, const char *to) {
    FAIL(NAME, is_below(from) || is_below(to));
    return NEXT(rename)(from, to);
}

int link(const char *from, const char *to) {
    FAIL(STORE | NAME, is_below(to));
    return NEXT(link)(from, to);
}

int linkat(int a, const char *from, int b, const char *to, int flags) {
    FAIL(STORE | NAME, is_at(b, to));
    return NEXT(linkat)(a, from, b, to, flags);
}

int symlink(const char *from, const char *to) {
    FAIL(STORE | NAME, is_below(to));
    return NEXT(symlink)(from, to);
}

int unlink(const char *path) {
    FAIL(NAME, is_below(path));
    return NEXT(unlink)(path);
}

int unlinkat(int fd, const char *path, int flags) {
    FAIL(NAME, is_at(fd, path));
    return NEXT(unlinkat)(fd, path, flags);
}

int rmdir(const char *path) {
    FAIL(NAME, is_below(path));
    return NEXT(rmdir)(path);
}

// Rust's library passes NULL to learn whether the kernel has this call.
int statx(int fd, const char *restrict path, int flags, unsigned mask, struct statx *restrict found) {
    const char *volatile given = path;
    FAIL(READ, given && given[0] ? is_at(fd, given) : given && is_inside(fd));
    return NEXT(statx)(fd, path, flags, mask, found);
}

char *realpath(const char *restrict path, char *restrict out) {
    if (is_below(path) && fails(READ)) return NULL;
    return NEXT(realpath)(path, out);
}

ssize_t readlink(const char *restrict path, char *restrict out, size_t size) {
    FAIL(READ, is_below(path));
    return NEXT(readlink)(path, out, size);
}

struct dirent64 *readdir64(DIR *dir) {
    if (is_inside(dirfd(dir)) && fails(READ)) return NULL;
    return NEXT(readdir64)(dir);
}
