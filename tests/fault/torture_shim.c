/* torture_shim.c - LD_PRELOAD: the N-th allocation, or the N-th system call, of a program
 * fails.
 *
 * Counted and failed is what the program itself calls, and LMDB, libuv and the parsers
 * for it; or, told so, what libzmq calls, whose answer is to abort: torture.py measures
 * that and judges it apart.  Who calls is told by the return address.  Left out is what
 * Linux never refuses to a descriptor that is good (libuv's eventfds and epoll_wait).
 *
 * KARVAN_TORTURE names a file of sizeof(struct control) bytes; without it nothing
 * happens. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { ALLOCATION, SYSTEM_CALL, KINDS };
enum group { NOBODY, OURS, ZEROMQ };

/* Set by the test, in this order, native integers; what is below `first` the shim keeps.
 */
struct control {
    _Atomic int64_t kind, group;  /* which calls fail */
    _Atomic int64_t first, times; /* from the first-th on so many; first 0: none */
    _Atomic int64_t counted[KINDS];
    _Atomic int64_t failed;
    char what[160]; /* the first that failed: function, object, offset in it */
};

struct range {
    uintptr_t from, to, base;
    enum group group;
    const char *name;
};

static struct control *control;
static struct range ranges[64];
static size_t range_count;

static const struct {
    const char *part;
    enum group group;
} objects[] = {{"liblmdb", OURS},     {"libuv", OURS},      {"libyaml", OURS},
               {"libjansson", OURS},  {"libxxhash", OURS},  {"libzmq", ZEROMQ},
               {"libsodium", ZEROMQ}, {"libstdc++", ZEROMQ}};

static enum group group_of(const char *name)
{
    if (!*name) /* the program */
        return OURS;
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (strstr(name, objects[i].part))
            return objects[i].group;
    return NOBODY;
}

static int remember(struct dl_phdr_info *o, size_t size, void *ctx)
{
    enum group g = group_of(o->dlpi_name);
    const char *slash = strrchr(o->dlpi_name, '/');
    (void)size;
    (void)ctx;
    for (int i = 0; g && i < o->dlpi_phnum && range_count < 64; i++) {
        const ElfW(Phdr) *p = &o->dlpi_phdr[i];
        if (p->p_type == PT_LOAD && (p->p_flags & PF_X))
            ranges[range_count++] = (struct range){
                o->dlpi_addr + p->p_vaddr, o->dlpi_addr + p->p_vaddr + p->p_memsz,
                o->dlpi_addr, g, slash ? slash + 1 : "program"};
    }
    return 0;
}

__attribute__((constructor)) static void attach(void)
{
    const char *path = getenv("KARVAN_TORTURE");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *at;
    if (fd < 0)
        return;
    at = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    (void)dl_iterate_phdr(remember, NULL);
    if (at != MAP_FAILED)
        control = at;
}

static const struct range *caller_of(const void *address)
{
    uintptr_t a = (uintptr_t)address;
    for (size_t i = 0; i < range_count; i++)
        if (a >= ranges[i].from && a < ranges[i].to)
            return &ranges[i];
    return NULL;
}

static bool by_libuv(const void *address)
{
    const struct range *r = control ? caller_of(address) : NULL;
    return r && strstr(r->name, "libuv");
}

/* Does this call fail?  Then errno says how. */
static bool fails(enum kind kind, const void *address, const char *function, int with)
{
    const struct range *r = control ? caller_of(address) : NULL;
    int64_t n, first;
    if (!r || r->group != atomic_load(&control->group))
        return false;
    n = atomic_fetch_add(&control->counted[kind], 1) + 1;
    first = atomic_load(&control->first);
    if (kind != atomic_load(&control->kind) || !first || n < first ||
        n >= first + atomic_load(&control->times))
        return false;
    if (atomic_fetch_add(&control->failed, 1) == 0)
        (void)snprintf(control->what, sizeof control->what, "%s %s+0x%lx", function,
                       r->name, (unsigned long)((uintptr_t)address - r->base));
    errno = with;
    return true;
}

#define CALLER __builtin_return_address(0)
/* The function this one stands in front of. */
#define NEXT(name)                                                                       \
    static __typeof__(&name) next;                                                       \
    if (!next)                                                                           \
    *(void **)&next = dlsym(RTLD_NEXT, #name)
#define TAKES(...) (__VA_ARGS__)
#define SYSTEM(type, name, takes, gives, failure, with)                                  \
    type name takes;                                                                     \
    type name takes                                                                      \
    {                                                                                    \
        NEXT(name);                                                                      \
        return fails(SYSTEM_CALL, CALLER, #name, with) ? failure : next gives;           \
    }
#define MEMORY(name, takes, gives)                                                       \
    void *name takes                                                                     \
    {                                                                                    \
        NEXT(name);                                                                      \
        return fails(ALLOCATION, CALLER, #name, ENOMEM) ? NULL : next gives;             \
    }

/* ---- memory ---- */

MEMORY(malloc, TAKES(size_t n), TAKES(n))
MEMORY(calloc, TAKES(size_t n, size_t size), TAKES(n, size))
MEMORY(realloc, TAKES(void *p, size_t n), TAKES(p, n))
MEMORY(reallocarray, TAKES(void *p, size_t n, size_t size), TAKES(p, n, size))

char *strdup(const char *s)
{
    NEXT(strdup);
    return fails(ALLOCATION, CALLER, "strdup", ENOMEM) ? NULL : next(s);
}

int posix_memalign(void **out, size_t align, size_t n)
{
    NEXT(posix_memalign);
    return fails(ALLOCATION, CALLER, "posix_memalign", ENOMEM) ? ENOMEM
                                                               : next(out, align, n);
}

/* ---- files ---- */

#define OPEN(name)                                                                       \
    int name(const char *path, int flags, ...)                                           \
    {                                                                                    \
        va_list args;                                                                    \
        mode_t mode;                                                                     \
        NEXT(name);                                                                      \
        va_start(args, flags);                                                           \
        mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;                 \
        va_end(args);                                                                    \
        return fails(SYSTEM_CALL, CALLER, #name, EMFILE) ? -1 : next(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

int openat(int dir, const char *path, int flags, ...)
{
    va_list args;
    mode_t mode;
    NEXT(openat);
    va_start(args, flags);
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);
    return fails(SYSTEM_CALL, CALLER, "openat", EMFILE) ? -1
                                                        : next(dir, path, flags, mode);
}

ssize_t read(int fd, void *at, size_t n)
{
    NEXT(read);
    return !by_libuv(CALLER) && fails(SYSTEM_CALL, CALLER, "read", EIO) ? -1
                                                                        : next(fd, at, n);
}

ssize_t write(int fd, const void *at, size_t n)
{
    NEXT(write);
    if (fd == STDERR_FILENO || by_libuv(CALLER)) /* the log: who would tell the test? */
        return next(fd, at, n);
    return fails(SYSTEM_CALL, CALLER, "write", ENOSPC) ? -1 : next(fd, at, n);
}

/* LMDB locks by it; it takes three words always in the kernel's eyes. */
int fcntl(int fd, int command, ...)
{
    va_list args;
    void *word;
    NEXT(fcntl);
    va_start(args, command);
    word = va_arg(args, void *);
    va_end(args);
    if ((command == F_SETLK || command == F_SETLKW) &&
        fails(SYSTEM_CALL, CALLER, "fcntl", ENOLCK))
        return -1;
    return next(fd, command, word);
}

int scandir(const char *dir, struct dirent ***list, int (*filter)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **))
{
    NEXT(scandir);
    return fails(SYSTEM_CALL, CALLER, "scandir", EMFILE)
               ? -1
               : next(dir, list, filter, compare);
}

SYSTEM(ssize_t, pread, TAKES(int fd, void *at, size_t n, off_t o), TAKES(fd, at, n, o),
       -1, EIO)
SYSTEM(ssize_t, pwrite, TAKES(int fd, const void *at, size_t n, off_t o),
       TAKES(fd, at, n, o), -1, ENOSPC)
SYSTEM(ssize_t, writev, TAKES(int fd, const struct iovec *v, int n), TAKES(fd, v, n), -1,
       ENOSPC)
SYSTEM(int, fdatasync, TAKES(int fd), TAKES(fd), -1, EIO)
SYSTEM(int, fsync, TAKES(int fd), TAKES(fd), -1, EIO)
SYSTEM(int, msync, TAKES(void *at, size_t n, int flags), TAKES(at, n, flags), -1, EIO)
SYSTEM(int, ftruncate, TAKES(int fd, off_t n), TAKES(fd, n), -1, ENOSPC)
SYSTEM(void *, mmap, TAKES(void *at, size_t n, int p, int f, int fd, off_t o),
       TAKES(at, n, p, f, fd, o), MAP_FAILED, ENOMEM)
SYSTEM(int, madvise, TAKES(void *at, size_t n, int advice), TAKES(at, n, advice), -1,
       EAGAIN)
SYSTEM(int, rename, TAKES(const char *a, const char *b), TAKES(a, b), -1, ENOSPC)
SYSTEM(int, unlink, TAKES(const char *a), TAKES(a), -1, EACCES)
SYSTEM(int, mkdir, TAKES(const char *a, mode_t m), TAKES(a, m), -1, EACCES)
SYSTEM(int, access, TAKES(const char *a, int m), TAKES(a, m), -1, EACCES)
SYSTEM(int, flock, TAKES(int fd, int what), TAKES(fd, what), -1, ENOLCK)
SYSTEM(int, stat, TAKES(const char *a, struct stat *s), TAKES(a, s), -1, EACCES)
SYSTEM(int, fstat, TAKES(int fd, struct stat *s), TAKES(fd, s), -1, EIO)
SYSTEM(int, fstatvfs, TAKES(int fd, struct statvfs *s), TAKES(fd, s), -1, EIO)
SYSTEM(FILE *, fopen, TAKES(const char *a, const char *m), TAKES(a, m), NULL, EMFILE)
SYSTEM(FILE *, fdopen, TAKES(int fd, const char *m), TAKES(fd, m), NULL, ENOMEM)
SYSTEM(size_t, fread, TAKES(void *at, size_t n, size_t count, FILE *f),
       TAKES(at, n, count, f), 0, EIO)
SYSTEM(int, fseek, TAKES(FILE *f, long to, int from), TAKES(f, to, from), -1, EIO)
SYSTEM(DIR *, opendir, TAKES(const char *a), TAKES(a), NULL, EMFILE)
SYSTEM(ssize_t, getrandom, TAKES(void *at, size_t n, unsigned f), TAKES(at, n, f), -1,
       ENOSYS)

/* ---- the loop, sockets, threads ---- */

SYSTEM(int, epoll_create1, TAKES(int f), TAKES(f), -1, EMFILE)
/* libuv aborts over it: once is enough to know, it would hide what else fails. */
int epoll_ctl(int e, int op, int fd, struct epoll_event *ev)
{
    NEXT(epoll_ctl);
    if (by_libuv(CALLER) && atomic_load(&control->times) > 1)
        return next(e, op, fd, ev);
    return fails(SYSTEM_CALL, CALLER, "epoll_ctl", ENOMEM) ? -1 : next(e, op, fd, ev);
}

SYSTEM(int, eventfd, TAKES(unsigned n, int f), TAKES(n, f), -1, EMFILE)
SYSTEM(int, pipe2, TAKES(int p[2], int f), TAKES(p, f), -1, EMFILE)
SYSTEM(int, socket, TAKES(int d, int t, int p), TAKES(d, t, p), -1, EMFILE)
SYSTEM(int, bind, TAKES(int fd, const struct sockaddr *a, socklen_t n), TAKES(fd, a, n),
       -1, EADDRINUSE)
SYSTEM(int, listen, TAKES(int fd, int n), TAKES(fd, n), -1, EADDRINUSE)
SYSTEM(int, accept4, TAKES(int fd, struct sockaddr *a, socklen_t *n, int f),
       TAKES(fd, a, n, f), -1, EMFILE)
SYSTEM(int, pthread_create,
       TAKES(pthread_t *t, const pthread_attr_t *a, void *(*run)(void *), void *arg),
       TAKES(t, a, run, arg), EAGAIN, EAGAIN)
SYSTEM(int, pthread_key_create, TAKES(pthread_key_t *k, void (*end)(void *)),
       TAKES(k, end), EAGAIN, EAGAIN)
