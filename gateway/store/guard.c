/* guard.c - SIGSEGV and SIGBUS out of the journal's file. */
#include "store/guard.h"
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST   4
#define BEYOND (4ull << 30) /* a damaged length leads at most so far behind the mapping  \
                             */

struct range {
    uintptr_t from, to;
    int fd;
};

static struct range ranges[MOST];
static char words[640];
static bool installed;
_Thread_local int gw_guard_depth;

void gw_guard_leave(void)
{
    ssize_t n = write(STDERR_FILENO, words, strlen(words));
    _exit(n < 0 ? 1 : 1);
}

static bool is_ours(uintptr_t at)
{
    if (gw_guard_depth > 0)
        return true;
    for (size_t i = 0; i < MOST; i++)
        if (ranges[i].to && ranges[i].from <= at && at < ranges[i].to + BEYOND)
            return true;
    return false;
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (is_ours((uintptr_t)info->si_addr))
        gw_guard_leave();
    (void)signal(number, SIG_DFL); /* the instruction runs again, and ends the process */
}

static void install(void)
{
    struct sigaction a = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigemptyset(&a.sa_mask);
    (void)sigaction(SIGSEGV, &a, NULL);
    (void)sigaction(SIGBUS, &a, NULL);
    installed = true;
}

/* Where the kernel has mapped this file. */
static void find(struct range *r, const struct stat *st)
{
    FILE *f = fopen("/proc/self/maps", "r");
    char line[512];
    while (f && fgets(line, sizeof line, f)) {
        unsigned long from, to, inode;
        if (sscanf(line, "%lx-%lx %*s %*s %*s %lu", &from, &to, &inode) == 3 &&
            inode == st->st_ino)
            *r = (struct range){from, to, r->fd};
    }
    if (f)
        (void)fclose(f);
}

void gw_guard_add(int fd, const char *dir)
{
    struct stat st;
    (void)snprintf(
        words, sizeof words,
        "journal.unreadable: %.400s/data.mdb is damaged, or the disk below it fails; "
        "nothing acknowledged was altered. Keep the file, put back a copy, and see "
        "what karvan journal verify says of it\n",
        dir);
    if (!installed)
        install();
    for (size_t i = 0; i < MOST && fstat(fd, &st) == 0; i++)
        if (!ranges[i].to) {
            ranges[i].fd = fd;
            find(&ranges[i], &st);
            return;
        }
}

void gw_guard_remove(int fd)
{
    for (size_t i = 0; i < MOST; i++)
        if (ranges[i].to && ranges[i].fd == fd)
            ranges[i] = (struct range){0};
}
