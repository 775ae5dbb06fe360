/* stage.c - making and clearing the demo's gateway. */
#include "bench/demo/stage.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bench/demo/table.h"
#include "model/json.h"

#define PATH_BYTES 400

static enum gw_error make_keys(const struct demo_stage *s, const char *name,
                               struct karvan_keys *out)
{
    char path[PATH_BYTES];
    const char *argv[] = {"karvan", "keygen", path, NULL};
    (void)snprintf(path, sizeof path, "%s/%s.keys", s->dir, name);
    if (gw_child_run(argv, true))
        return GW_IO;
    return karvan_keys_load(out, path);
}

/* "with: [a, b]" of those who see everything, or of those who do not. */
static void name_receivers(enum demo_who who, bool all_fields, struct gw_buf *out)
{
    const char *comma = "";
    gw_buf_str(out, "  - with: [");
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        if (demo_companies[who].shares & DEMO_BIT(i) &&
            demo_hides_from(who, (enum demo_who)i) != all_fields) {
            gw_buf_printf(out, "%s%s", comma, demo_companies[i].name);
            comma = ", ";
        }
    gw_buf_str(out, "]\n");
}

/* Its sharing rules, as the owner writes them into its file. */
static enum gw_error write_rules(const struct demo_stage *s, enum demo_who who)
{
    const struct demo_company *c = &demo_companies[who];
    const char *comma = "";
    char path[PATH_BYTES];
    struct gw_buf out;
    FILE *f;
    bool ok;

    gw_buf_init(&out, 4096);
    gw_buf_str(&out, "share:\n");
    name_receivers(who, true, &out);
    if (c->hides[0]) {
        name_receivers(who, false, &out);
        gw_buf_str(&out, "    hide: [");
        for (int i = 0; c->hides[i]; i++, comma = ", ")
            gw_buf_printf(&out, "%s%s", comma, c->hides[i]);
        gw_buf_str(&out, "]\n");
    }
    (void)snprintf(path, sizeof path, "%s/operators/%s.yaml", s->dir, c->name);
    f = fopen(path, "a");
    ok = f && fputs(gw_buf_text(&out), f) >= 0;
    if (f && fclose(f))
        ok = false;
    gw_buf_deinit(&out);
    return ok ? GW_OK : GW_IO;
}

/* `karvan operator add`, as the gateway's keeper types it. */
static enum gw_error add_operator(struct demo_stage *s, enum demo_who who)
{
    const struct demo_company *c = &demo_companies[who];
    const char *argv[24] = {"karvan",    "operator",
                            "add",       c->name,
                            "--config",  s->config,
                            "--country", c->country,
                            "--title",   c->title,
                            "--role",    c->role,
                            "--key",     s->keys[who].public_key};
    int n = 14;

    if (c->profile) {
        argv[n++] = "--profile";
        argv[n++] = c->profile;
    }
    if (gw_child_run(argv, true))
        return GW_IO;
    return c->shares ? write_rules(s, who) : GW_OK;
}

static enum gw_error write_config(struct demo_stage *s, const char *config_dir)
{
    struct gw_buf out;
    enum gw_error e;

    (void)snprintf(s->endpoint, sizeof s->endpoint, "tcp://127.0.0.1:%d",
                   gw_child_free_port());
    gw_buf_init(&out, 1u << 16);
    gw_buf_printf(&out,
                  "gateway:\n  name: demo\n  key_file: gateway.keys\n  data_dir: data\n"
                  "  operators_dir: operators\n  profiles_dir: \"%s/profiles\"\n"
                  "  places_file: \"%s/places.csv\"\n",
                  config_dir, config_dir);
    /* Little memory for the newest events: who falls behind is served from the journal.
     */
    gw_buf_str(&out, "delivery:\n  tail_bytes: 64 KiB\n");
    gw_buf_str(&out, "journal:\n  max_bytes: 256 MiB\n");
    gw_buf_printf(&out,
                  "endpoints:\n  - {name: main, address: \"%s\", security: curve}\n",
                  s->endpoint);
    e = gw_child_write_file(s->config, gw_buf_text(&out));
    gw_buf_deinit(&out);
    return e;
}

static enum gw_error make_dir(const struct demo_stage *s, const char *name)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", s->dir, name);
    return mkdir(path, 0700) ? GW_IO : GW_OK;
}

static enum gw_error prepare(struct demo_stage *s, const char *config_dir)
{
    enum gw_error e = gw_child_temp_dir(s->dir, sizeof s->dir, NULL);
    if (e)
        return e;
    (void)snprintf(s->log, sizeof s->log, "%s/karvand.log", s->dir);
    (void)snprintf(s->config, sizeof s->config, "%s/gateway.yaml", s->dir);
    e = make_dir(s, "operators");
    if (!e)
        e = make_dir(s, "data");
    if (!e)
        e = write_config(s, config_dir);
    if (!e)
        e = make_keys(s, "gateway", &s->gateway);
    for (uint32_t i = 0; i < DEMO_COMPANIES && !e; i++)
        e = make_keys(s, demo_companies[i].name, &s->keys[i]);
    for (uint32_t i = 0; i < DEMO_COMPANIES && !e; i++)
        e = add_operator(s, (enum demo_who)i);
    return e;
}

enum gw_error demo_stage_set(struct demo_stage *s, const char *config_dir)
{
    const char *check[] = {"karvand", "--config", s->config, "--check", NULL};
    const char *start[] = {"karvand", "--config", s->config, NULL};
    enum gw_error e;

    *s = (struct demo_stage){0};
    e = prepare(s, config_dir);
    if (e) {
        fprintf(stderr, "demo: cannot prepare %s: %s\n", s->dir, gw_error_text(e));
        return e;
    }
    if (gw_child_run(check, true)) {
        (void)gw_child_run(check, false); /* once more, for its words */
        return GW_FORMAT;
    }
    s->gateway_pid = gw_child_start(start, s->log);
    return s->gateway_pid > 0 ? GW_OK : GW_IO;
}

void demo_stage_options(const struct demo_stage *s, enum demo_who who,
                        const char *adapter, struct karvan_options *out)
{
    karvan_options_default(out);
    out->endpoint = s->endpoint;
    out->adapter = adapter;
    out->server_key = s->gateway.public_key;
    out->public_key = s->keys[who].public_key;
    out->secret_key = s->keys[who].secret_key;
}

/* ---- karvan status ---- */

static uint64_t number(const struct gw_tree *t, uint32_t at, const char *path)
{
    int64_t v = gw_tree_int(t, at, path, 0);
    return v > 0 ? (uint64_t)v : 0;
}

static void read_session(const struct gw_tree *t, uint32_t at, struct demo_status *out)
{
    struct gw_slice operator= gw_tree_str(t, at, "operator");
    if (!gw_slice_is(gw_tree_str(t, at, "adapter"), DEMO_FILES_ADAPTER))
        return;
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        if (gw_slice_is(operator, demo_companies[i].name)) {
            out->files[i].accepted += number(t, at, "accepted");
            out->files[i].duplicates += number(t, at, "duplicates");
            out->files[i].refused += number(t, at, "refused");
        }
}

static void read_status(const struct gw_tree *t, uint32_t root, struct demo_status *out)
{
    uint32_t lanes = gw_tree_at(t, root, "lanes"),
             sessions = gw_tree_at(t, root, "sessions");

    out->known = true;
    out->used_bytes = number(t, root, "journal.used_bytes");
    out->last_seq = number(t, root, "journal.last");
    out->quarantined = number(t, root, "journal.quarantined");
    for (GW_FOREACH_CHILD (t, lanes, lane))
        out->from_journal += number(t, lane, "from_journal");
    for (GW_FOREACH_CHILD (t, sessions, session))
        read_session(t, session, out);
}

static void answer_path(const struct demo_stage *s, char path[PATH_BYTES])
{
    (void)snprintf(path, PATH_BYTES, "%s/status.json", s->dir);
}

void demo_stage_ask(struct demo_stage *s)
{
    const char *argv[] = {"karvan", "status", "--config", s->config, "--json", NULL};
    char path[PATH_BYTES];
    if (s->asking_pid > 0)
        return;
    answer_path(s, path);
    (void)unlink(path);
    s->asking_pid = gw_child_start(argv, path);
}

static void read_answer(const struct demo_stage *s, struct demo_status *out)
{
    const struct gw_budget budget = {1u << 20, 8, 20000, 4096};
    struct gw_fault fault;
    struct gw_text why;
    struct gw_buf text;
    struct gw_tree t;
    char path[PATH_BYTES];
    uint32_t root;

    answer_path(s, path);
    gw_buf_init(&text, 1u << 20);
    if (gw_tree_init(&t, &budget) == GW_OK &&
        demo_file_read(path, &text, &why) == GW_OK &&
        gw_json_read(&t, gw_buf_bytes(&text), &root, &fault) == GW_OK)
        read_status(&t, root, out);
    gw_tree_deinit(&t);
    gw_buf_deinit(&text);
}

bool demo_stage_answer(struct demo_stage *s, struct demo_status *out)
{
    int status = 1;
    if (s->asking_pid <= 0 || waitpid(s->asking_pid, &status, WNOHANG) != s->asking_pid)
        return false;
    s->asking_pid = 0;
    *out = (struct demo_status){0};
    if (status == 0)
        read_answer(s, out);
    return true;
}

/* ---- the end ---- */

int demo_stage_stop(struct demo_stage *s)
{
    if (s->asking_pid > 0)
        (void)gw_child_stop(s->asking_pid, 2000);
    s->asking_pid = 0;
    int status = s->gateway_pid > 0 ? gw_child_stop(s->gateway_pid, 6000) : 0;
    s->gateway_pid = 0;
    return status;
}

void demo_stage_strike(struct demo_stage *s, bool keep)
{
    if (!keep)
        gw_child_clean(s->dir);
    s->dir[0] = 0;
}

void demo_stage_show_log(const char *path)
{
    enum { LINES = 12 };
    char line[LINES][400];
    uint32_t n = 0;
    FILE *f = fopen(path, "r");

    while (f && fgets(line[n % LINES], sizeof line[0], f))
        n++;
    if (f)
        fclose(f);
    for (uint32_t i = n > LINES ? n - LINES : 0; i < n; i++)
        fprintf(stderr, "  %s", line[i % LINES]);
}
