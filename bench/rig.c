/* rig.c - a gateway made for one measurement. */
#include "bench/rig.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Said once, where it happened: what of the preparations failed. */
static enum gw_error complain(enum gw_error e, const char *what, const char *name)
{
    if (e)
        fprintf(stderr, "bench: cannot %s %s: %s\n", what, name, gw_error_text(e));
    return e;
}

static enum gw_error make_keys(struct gw_rig *r, const char *name,
                               struct karvan_keys *out)
{
    char path[400];
    enum gw_error e = karvan_keys_make(out);
    (void)snprintf(path, sizeof path, "%s/%s.keys", r->dir, name);
    return complain(e ? e : karvan_keys_save(out, path, NULL), "make the keys", path);
}

static enum gw_error make_operator(struct gw_rig *r, uint32_t i)
{
    char name[16], path[400], text[600];
    enum gw_error e;
    (void)snprintf(name, sizeof name, "op-%02u", i);
    (void)snprintf(path, sizeof path, "%s/operators/%s.yaml", r->dir, name);
    e = make_keys(r, name, &r->keys[i]);
    if (e)
        return e;
    (void)snprintf(text, sizeof text,
                   "name: %s\ntitle: Operator %u\ncountry: KZ\nkeys: [\"%s\"]\n"
                   "share: {with: [\"*\"]}\n",
                   name, i, r->keys[i].public_key);
    return complain(gw_child_write_file(path, text), "write", path);
}

static void put_endpoints(struct gw_rig *r, struct gw_buf *out)
{
    gw_buf_str(out, "endpoints:\n");
    for (uint32_t i = 0; i < r->setup.operators; i++) {
        if (r->setup.curve)
            (void)snprintf(r->endpoint[i], sizeof r->endpoint[i], "tcp://127.0.0.1:%d",
                           r->port);
        else
            (void)snprintf(r->endpoint[i], sizeof r->endpoint[i],
                           "ipc://%.120s/op-%02u.sock", r->dir, i);
        if (!r->setup.curve)
            gw_buf_printf(
                out,
                "  - {name: ep-%02u, address: \"%s\", security: plain, operators: "
                "[op-%02u]}\n",
                i, r->endpoint[i], i);
    }
    if (r->setup.curve)
        gw_buf_printf(out, "  - {name: main, address: \"%s\", security: curve}\n",
                      r->endpoint[0]);
}

static enum gw_error write_config(struct gw_rig *r)
{
    struct gw_buf out;
    enum gw_error e;
    gw_buf_init(&out, 1u << 16);
    gw_buf_printf(
        &out,
        "gateway:\n  name: bench\n  lanes: %u\n  key_file: %s/gateway.keys\n"
        "  data_dir: %s\n  operators_dir: %s/operators\n  profiles_dir: %s/profiles\n"
        "  places_file: \"\"\n  log_level: warn\n",
        r->setup.lanes, r->dir, r->setup.data_dir ? r->setup.data_dir : r->dir, r->dir,
        r->dir);
    gw_buf_printf(&out, "journal:\n  durable: %s\n", r->setup.durable ? "true" : "false");
    gw_buf_str(&out, r->setup.more ? r->setup.more : "");
    put_endpoints(r, &out);
    e = complain(gw_child_write_file(r->config, gw_buf_text(&out)), "write", r->config);
    gw_buf_deinit(&out);
    return e;
}

static enum gw_error prepare(struct gw_rig *r)
{
    char path[400];
    enum gw_error e = gw_child_temp_dir(r->dir, sizeof r->dir, NULL);
    if (e)
        return complain(e, "make a temporary directory in", "$TMPDIR or /tmp");
    (void)snprintf(path, sizeof path, "%s/operators", r->dir);
    mkdir(path, 0700);
    (void)snprintf(path, sizeof path, "%s/profiles", r->dir);
    mkdir(path, 0700);
    (void)snprintf(r->log, sizeof r->log, "%s/karvand.log", r->dir);
    (void)snprintf(r->config, sizeof r->config, "%s/gateway.yaml", r->dir);
    r->port = gw_child_free_port();
    e = make_keys(r, "gateway", &r->gateway);
    for (uint32_t i = 0; i < r->setup.operators && !e; i++)
        e = make_operator(r, i);
    return e ? e : write_config(r);
}

enum gw_error gw_rig_start(struct gw_rig *r, const struct gw_rig_setup *setup)
{
    enum gw_error e;

    *r = (struct gw_rig){.setup = *setup};
    e = prepare(r);
    return e ? e : gw_rig_resume(r);
}

enum gw_error gw_rig_resume(struct gw_rig *r)
{
    const char *argv[] = {"karvand", "--config", r->config, NULL};
    char program[600];
    gw_child_path(argv[0], program, sizeof program);
    r->pid = gw_child_start(argv, r->log);
    return complain(r->pid > 0 ? GW_OK : GW_IO, "start", program);
}

void gw_rig_kill(struct gw_rig *r)
{
    if (r->pid <= 0)
        return;
    kill(r->pid, SIGKILL);
    (void)waitpid(r->pid, NULL, 0);
    r->pid = 0;
}

int gw_rig_stop(struct gw_rig *r)
{
    int status = r->pid > 0 ? gw_child_stop(r->pid, 10000) : -1;
    r->pid = 0;
    return status;
}

void gw_rig_clean(struct gw_rig *r)
{
    gw_child_clean(r->dir);
}

void gw_rig_options(const struct gw_rig *r, uint32_t operator, const char * adapter,
                    struct karvan_options *out)
{
    karvan_options_default(out);
    out->endpoint = r->endpoint[operator];
    out->adapter = adapter;
    if (!r->setup.curve)
        return;
    out->server_key = r->gateway.public_key;
    out->public_key = r->keys[operator].public_key;
    out->secret_key = r->keys[operator].secret_key;
}
