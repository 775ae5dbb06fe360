/* daemon.c - fork, exec, wait for the port, terminate. */
#include "bench/peers/daemon.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

bool gw_daemon_installed(const char *program)
{
    static const char *const more[] = {"/usr/sbin", "/usr/local/sbin",
                                       "/usr/lib/rabbitmq/bin"};
    const char *path = getenv("PATH");
    char at[512];
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        (void)snprintf(at, sizeof at, "%s/%s", more[i], program);
        if (access(at, X_OK) == 0)
            return true;
    }
    while (path && *path) {
        size_t n = strcspn(path, ":");
        (void)snprintf(at, sizeof at, "%.*s/%s", (int)n, path, program);
        if (access(at, X_OK) == 0)
            return true;
        path += n + (path[n] == ':');
    }
    return false;
}

bool gw_daemon_prepare(struct gw_daemon *d)
{
    *d = (struct gw_daemon){.port = gw_child_free_port()};
    return d->port > 0 && !gw_child_temp_dir(d->dir, sizeof d->dir, NULL);
}

/* In the child: nothing returns from here. */
static void become(const char *const *argv, const char *const *env, const char *log)
{
    char path[1024];
    const char *was = getenv("PATH");
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setpgid(0, 0);
    if (fd >= 0) {
        (void)dup2(fd, STDOUT_FILENO);
        (void)dup2(fd, STDERR_FILENO);
    }
    (void)snprintf(path, sizeof path,
                   "%s:/usr/sbin:/usr/local/sbin:/usr/lib/rabbitmq/bin",
                   was ? was : "/usr/bin:/bin");
    (void)setenv("PATH", path, 1);
    for (; env && *env; env++)
        (void)putenv((char *)(uintptr_t)*env);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

bool gw_daemon_start(struct gw_daemon *d, const char *const *argv, const char *const *env)
{
    char log[300];
    pid_t pid;
    if (d->count == GW_DAEMONS)
        return false;
    (void)snprintf(log, sizeof log, "%s/log", d->dir);
    pid = fork();
    if (pid == 0)
        become(argv, env, log);
    if (pid > 0)
        d->pids[d->count++] = pid;
    return pid > 0;
}

static bool connects(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

bool gw_daemon_listens(const struct gw_daemon *d, int port, int seconds)
{
    for (int i = 0; i < seconds * 20; i++) {
        if (connects(port))
            return true;
        for (unsigned k = 0; k < d->count; k++)
            if (waitpid(d->pids[k], NULL, WNOHANG | WNOWAIT) == d->pids[k])
                i = seconds * 20;
        usleep(50000);
    }
    gw_daemon_show_log(d);
    return false;
}

static void end(pid_t pid)
{
    (void)kill(pid, SIGTERM);
    for (int i = 0; i < 100; i++) {
        if (waitpid(pid, NULL, WNOHANG) == pid)
            break;
        if (i == 99) {
            (void)kill(pid, SIGKILL);
            (void)waitpid(pid, NULL, 0);
        }
        usleep(50000);
    }
    (void)kill(-pid, SIGKILL); /* its own group: helpers it left behind */
}

void gw_daemon_stop(struct gw_daemon *d)
{
    while (d->count)
        end(d->pids[--d->count]);
    gw_child_clean(d->dir);
    d->dir[0] = 0;
}

void gw_daemon_show_log(const struct gw_daemon *d)
{
    char path[300], line[400];
    long size;
    FILE *f;
    (void)snprintf(path, sizeof path, "%s/log", d->dir);
    f = fopen(path, "r");
    if (!f)
        return;
    if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) > 2000)
        (void)fseek(f, size - 2000, SEEK_SET);
    else
        rewind(f);
    while (fgets(line, sizeof line, f))
        fprintf(stderr, "  %s", line);
    (void)fclose(f);
}
