/* shell.h - karvan through a shell, in a directory of its own, for tests of what it says and
 * writes.  One at a time. */
#ifndef GW_TESTS_CLI_SHELL_H
#define GW_TESTS_CLI_SHELL_H
#include <stddef.h>

#define SHELL_TEXT (1u << 16)

extern char shell_out[SHELL_TEXT], shell_err[SHELL_TEXT]; /* of the last karvan() */

/* The directory, which becomes the current one; and away with it. */
void shell_open(void);
void shell_close(void);
/* karvan <words>.  Returns the exit status, -1 when it was killed. */
__attribute__((format(printf, 1, 2))) int karvan(const char *fmt, ...);
/* A file as a text; empty when there is none. */
void shell_read(const char *name, char *text, size_t size);
void shell_write(const char *name, const char *text);
#endif
