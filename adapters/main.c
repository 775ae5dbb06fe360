/* main.c - `karvan-adapter`: runs formats beside a company's system, or just translates.
 */
#include "adapters/verb.h"
#include <karvan/version.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct gw_verb *const verbs[] = {&gw_verb_run,    &gw_verb_check,
                                              &gw_verb_status, &gw_verb_decode,
                                              &gw_verb_encode, &gw_verb_list};
#define VERBS (sizeof verbs / sizeof *verbs)

int gw_verb_failed(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)fputs("karvan-adapter: ", stderr);
    (void)vfprintf(stderr, fmt, ap);
    (void)fputc('\n', stderr);
    va_end(ap);
    return GW_VERB_FAILED;
}

int gw_verb_complain(const struct gw_complaint *c)
{
    struct gw_buf text;
    gw_buf_init(&text, 4096);
    gw_complaint_text(c, &text);
    int status = gw_verb_failed("%s", gw_buf_text(&text));
    gw_buf_deinit(&text);
    return status;
}

int gw_verb_misused(const char *verb, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)fputs("karvan-adapter: ", stderr);
    (void)vfprintf(stderr, fmt, ap);
    (void)fprintf(stderr, "\nsee: karvan-adapter%s%s --help\n", *verb ? " " : "", verb);
    va_end(ap);
    return GW_VERB_USAGE;
}

static void list(FILE *to)
{
    (void)fputs("Usage: karvan-adapter VERB [options]\n\n", to);
    for (size_t i = 0; i < VERBS; i++)
        (void)fprintf(to, "  %-8s %s\n", verbs[i]->name, verbs[i]->summary);
    (void)fputs(
        "  version  the program's version\n\nkarvan-adapter VERB --help says more.\n",
        to);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (is_help(argv[i]))
            return true;
    return false;
}

static int run_verb(int argc, char **argv)
{
    for (size_t i = 0; i < VERBS; i++) {
        if (strcmp(verbs[i]->name, argv[0]) != 0)
            continue;
        if (!asks_for_help(argc, argv))
            return verbs[i]->run(argc, argv);
        (void)fputs(verbs[i]->usage, stdout);
        return GW_VERB_OK;
    }
    return gw_verb_misused("", "no such verb: %s", argv[0]);
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        list(stderr);
        return GW_VERB_USAGE;
    }
    if (is_help(argv[1])) {
        list(stdout);
        return GW_VERB_OK;
    }
    if (strcmp(argv[1], "version") == 0 || strcmp(argv[1], "--version") == 0) {
        (void)printf("karvan-adapter %s, protocol %d\n", KARVAN_VERSION, KARVAN_PROTOCOL);
        return GW_VERB_OK;
    }
    return run_verb(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    int status = dispatch(argc, argv);
    /* A full disk or a closed pipe must not look like success. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == GW_VERB_OK)
        status = gw_verb_failed("cannot write to standard output");
    return status;
}
