/* shell.c - karvan through a shell, in a directory of its own. */
#include "unit/cli/shell.h"
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

char shell_out[SHELL_TEXT], shell_err[SHELL_TEXT];

static char dir[] = "/tmp/karvan-cli-XXXXXX";

void shell_open(void)
{
    cr_assert_not_null(mkdtemp(dir));
    cr_assert_eq(chdir(dir), 0);
}

void shell_close(void)
{
    char line[64];
    snprintf(line, sizeof line, "rm -r %s", dir);
    cr_assert_eq(system(line), 0);
}

int karvan(const char *fmt, ...)
{
    char words[1024], line[1400];
    va_list args;
    int status;
    va_start(args, fmt);
    vsnprintf(words, sizeof words, fmt, args);
    va_end(args);
    snprintf(line, sizeof line, KARVAN " %s >out 2>err </dev/null", words);
    status = system(line);
    shell_read("out", shell_out, sizeof shell_out);
    shell_read("err", shell_err, sizeof shell_err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void shell_read(const char *name, char *text, size_t size)
{
    FILE *f = fopen(name, "r");
    size_t n = f ? fread(text, 1, size - 1, f) : 0;
    text[n] = 0;
    if (f)
        fclose(f);
}

void shell_write(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");
    cr_assert_not_null(f);
    cr_assert(fputs(text, f) >= 0);
    fclose(f);
}
