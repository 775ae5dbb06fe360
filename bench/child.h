/* child.h - programs of ours as child processes in a temporary directory, as an operator
 * runs them. */
#ifndef GW_BENCH_CHILD_H
#define GW_BENCH_CHILD_H
#include <sys/types.h>
#include "base/buf.h"

/* Directory of the running program's own binary, where karvand and karvan lie too. */
void gw_child_bin_dir(char *out, size_t size);
/* Where the program of this name is looked for: beside our own. */
void gw_child_path(const char *name, char *out, size_t size);

/* Run and wait; output goes where ours goes, or to /dev/null when quiet.  argv[0] is the
 * program's name in the bin directory.  The exit status; -1 when it could not be run. */
int gw_child_run(const char *const *argv, bool quiet);
/* Run and wait; its output is appended to `out`, up to that one's limit. */
int gw_child_capture(const char *const *argv, struct gw_buf *out);
/* Start and go on; stderr goes to the file `log`.  -1 on error. */
pid_t gw_child_start(const char *const *argv, const char *log);
/* SIGTERM, wait up to ms, then SIGKILL.  The exit status, or -1 when it had to be killed.
 */
int gw_child_stop(pid_t pid, int ms);

/* A directory of our own below `base` (NULL: $TMPDIR, or /tmp); removed with everything
 * in it by gw_child_clean(). */
GW_MUST_USE enum gw_error gw_child_temp_dir(char *out, size_t size, const char *base);
void gw_child_clean(const char *dir);
GW_MUST_USE enum gw_error gw_child_write_file(const char *path, const char *text);

/* A free TCP port on loopback, by asking the kernel. */
int gw_child_free_port(void);
/* CPU seconds (user and system) a process has used so far; 0 when unknown. */
double gw_child_cpu_s(pid_t pid);
/* Largest resident memory so far, KiB, with what is mapped of files; 0 when unknown. */
long gw_child_peak_kib(pid_t pid);
/* Memory of its own now, KiB: without mapped files, whose pages the system takes back as it likes
 * (a journal that is read may lie there as a whole); 0 when unknown. */
long gw_child_own_kib(pid_t pid);
#endif
