/* child.c - starting, watching and ending programs of ours. */
#include "bench/child.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void gw_child_bin_dir(char *out, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", out, size - 1);
    char *slash;
    out[n > 0 ? n : 0] = 0;
    slash = strrchr(out, '/');
    if (slash)
        *slash = 0;
}

void gw_child_path(const char *name, char *out, size_t size)
{
    size_t n;
    gw_child_bin_dir(out, size);
    n = strlen(out);
    (void)snprintf(out + n, size - n, "/%s", name);
}

static pid_t spawn(const char *const *argv, const char *log)
{
    char path[600];
    posix_spawn_file_actions_t files;
    pid_t pid = -1;
    int flags = O_WRONLY | O_CREAT | O_APPEND;

    gw_child_path(argv[0], path, sizeof path);
    posix_spawn_file_actions_init(&files);
    if (log) {
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log, flags, 0600);
        posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    }
    if (posix_spawn(&pid, path, &files, NULL, (char *const *)(uintptr_t)argv, environ))
        pid = -1;
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

int gw_child_run(const char *const *argv, bool quiet)
{
    int status = -1;
    pid_t pid = spawn(argv, quiet ? "/dev/null" : NULL);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int gw_child_capture(const char *const *argv, struct gw_buf *out)
{
    char path[600], piece[4096];
    posix_spawn_file_actions_t files;
    int ends[2], status = -1;
    pid_t pid = -1;
    ssize_t n;

    if (pipe2(ends, O_CLOEXEC))
        return -1;
    gw_child_path(argv[0], path, sizeof path);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    if (posix_spawn(&pid, path, &files, NULL, (char *const *)(uintptr_t)argv, environ))
        pid = -1;
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    while (pid > 0 &&
           ((n = read(ends[0], piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR)))
        if (n > 0)
            gw_buf_add(out, piece, (size_t)n);
    close(ends[0]);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

pid_t gw_child_start(const char *const *argv, const char *log)
{
    return spawn(argv, log);
}

int gw_child_stop(pid_t pid, int ms)
{
    int status = 0;
    if (pid <= 0)
        return -1;
    kill(pid, SIGTERM);
    for (int waited = 0; waited <= ms; waited += 10) {
        if (waitpid(pid, &status, WNOHANG) == pid)
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        usleep(10000);
    }
    kill(pid, SIGKILL);
    (void)waitpid(pid, &status, 0);
    return -1;
}

enum gw_error gw_child_temp_dir(char *out, size_t size, const char *base)
{
    int n;
    if (!base)
        base = getenv("TMPDIR");
    n = snprintf(out, size, "%s/karvan-XXXXXX", base && *base ? base : "/tmp");
    return n > 0 && (size_t)n < size && mkdtemp(out) ? GW_OK : GW_IO;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void gw_child_clean(const char *dir)
{
    if (dir[0])
        (void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

enum gw_error gw_child_write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    bool ok = f && fputs(text, f) >= 0;
    if (f && fclose(f))
        ok = false;
    return ok ? GW_OK : GW_IO;
}

int gw_child_free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0), port = -1;
    if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 &&
        getsockname(fd, (struct sockaddr *)&a, &len) == 0)
        port = ntohs(a.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}

double gw_child_cpu_s(pid_t pid)
{
    char path[64], line[1024], *at;
    unsigned long user = 0, system = 0;
    FILE *f;
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    f = fopen(path, "r");
    if (!f)
        return 0;
    at = fgets(line, sizeof line, f) ? strrchr(line, ')') : NULL;
    fclose(f);
    if (!at || sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                      &user, &system) != 2)
        return 0;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static long status_kib(pid_t pid, const char *name)
{
    char path[64], line[256];
    long kib = 0;
    FILE *f;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0) {
            kib = strtol(line + strlen(name), NULL, 10);
            break;
        }
    if (f)
        fclose(f);
    return kib;
}

long gw_child_peak_kib(pid_t pid)
{
    return status_kib(pid, "VmHWM:");
}

long gw_child_own_kib(pid_t pid)
{
    return status_kib(pid, "RssAnon:");
}
