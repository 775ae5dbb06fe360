/* options.c - a table of options, read with getopt_long. */
#include "bench/options.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST 24

static bool takes_value(const struct gw_option *o)
{
    return o->kind != GW_OPTION_ON && o->kind != GW_OPTION_OFF;
}

static void show_default(const struct gw_option *o, FILE *out)
{
    if (o->kind == GW_OPTION_U32)
        fprintf(out, " (%u)", *(const uint32_t *)o->to);
    else if (o->kind == GW_OPTION_U64)
        fprintf(out, " (%llu)", (unsigned long long)*(const uint64_t *)o->to);
    else if (o->kind == GW_OPTION_REAL)
        fprintf(out, " (%g)", *(const double *)o->to);
}

static int usage(const struct gw_option *rows, const char *notes, const char *name,
                 FILE *out)
{
    fprintf(out, "usage: %s [options]\n", name);
    for (; rows->name; rows++) {
        char left[48];
        (void)snprintf(left, sizeof left, "--%s%s", rows->name,
                       !takes_value(rows)             ? ""
                       : rows->kind == GW_OPTION_TEXT ? " X"
                                                      : " N");
        fprintf(out, "  %-18s %s", left, rows->what);
        show_default(rows, out);
        fputc('\n', out);
    }
    fprintf(out, "%s", notes ? notes : "");
    return out == stdout ? 0 : 2;
}

static bool set(const struct gw_option *o, const char *text)
{
    char *end = NULL;
    double v = 0;
    if (takes_value(o) && o->kind != GW_OPTION_TEXT) {
        errno = 0;
        v = strtod(text, &end);
        if (errno || end == text || *end || !(v >= o->least) || v > 1e15 ||
            (o->kind == GW_OPTION_U32 && v > UINT32_MAX)) {
            fprintf(stderr, "karvan-bench: --%s %s: a number from %g on\n", o->name, text,
                    o->least);
            return false;
        }
    }
    switch (o->kind) {
    case GW_OPTION_U32:
        *(uint32_t *)o->to = (uint32_t)v;
        break;
    case GW_OPTION_U64:
        *(uint64_t *)o->to = (uint64_t)v;
        break;
    case GW_OPTION_REAL:
        *(double *)o->to = v;
        break;
    case GW_OPTION_ON:
        *(bool *)o->to = true;
        break;
    case GW_OPTION_OFF:
        *(bool *)o->to = false;
        break;
    case GW_OPTION_TEXT:
        *(const char **)o->to = text;
        break;
    }
    return true;
}

int gw_options(const struct gw_option *rows, const char *notes, int argc, char **argv)
{
    struct option known[MOST + 2] = {{0}};
    int n = 0, o;

    for (; n < MOST && rows[n].name; n++)
        known[n] = (struct option){
            rows[n].name, takes_value(&rows[n]) ? required_argument : no_argument, NULL,
            256 + n};
    known[n] = (struct option){"help", no_argument, NULL, 'h'};
    optind = 1;
    while ((o = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (o == 'h')
            return usage(rows, notes, argv[0], stdout);
        if (o < 256 || !set(&rows[o - 256], optarg))
            return usage(rows, notes, argv[0], stderr);
    }
    return optind == argc ? -1 : usage(rows, notes, argv[0], stderr);
}
