/* settings.h - config/gateway.yaml: one table row per setting.
 *
 * The table (settings_table.c) holds name, type, unit, least, default, most, when a change takes
 * effect, and meaning; the parser, `karvand --check`, `karvand --settings` and config/gateway.yaml
 * come from it.  An unknown or out-of-range setting is a complaint with file, line and remedy. */
#ifndef GW_CONF_SETTINGS_H
#define GW_CONF_SETTINGS_H
#include "conf/yaml.h"
#include "pipeline/directory.h"
#include "pipeline/journal.h"
#include "pipeline/limits.h"

#define GW_ENDPOINTS_MAX 64
#define GW_ENDPOINT_OPERATORS 64

struct gw_endpoint {
    char name[GW_NAME_MAX + 1];
    char address[128]; /* "tcp://0.0.0.0:7400", "ipc:///run/karvan/x" */
    bool plain;        /* security: plain - only on loopback or ipc, and then exactly one operator */
    char operators[GW_ENDPOINT_OPERATORS][GW_NAME_MAX + 1]; /* none listed: all that have a key */
    uint32_t operator_count;
    int line;
};

struct gw_settings {
    char file[128];
    char name[64];             /* gateway.name: shown in WELCOME and status */
    uint32_t lanes;            /* gateway.lanes */
    char log_level[8];         /* gateway.log_level */
    char key_file[256];        /* gateway.key_file: the gateway's own pair */
    char data_dir[256];        /* gateway.data_dir: journal and admin socket live below it */
    char operators_dir[256];   /* gateway.operators_dir */
    char profiles_dir[256];    /* gateway.profiles_dir */
    char places_file[256];     /* gateway.places_file; empty = none */
    uint32_t drain_ms;         /* gateway.drain_ms: SIGTERM to exit at most */
    struct gw_endpoint endpoints[GW_ENDPOINTS_MAX]; /* endpoints: */
    uint32_t endpoint_count;
    struct gw_limits limits;
    struct gw_journal_settings journal; /* .dir points to journal_dir below */
    char journal_dir[300];     /* <data_dir>/journal */
    char admin_socket[300];    /* ipc://<data_dir>/admin.sock */
    uint32_t turn_messages;    /* io.turn_messages: messages taken from one socket before others */
    uint32_t turn_bytes;       /* io.turn_bytes */
    uint32_t io_threads;       /* io.zmq_threads */
    uint32_t max_connections;
};

/* Relative paths in the file are relative to the file's own directory.
 * Errors  GW_IO GW_FORMAT GW_RANGE GW_NOT_FOUND; *c says where, what and what to do */
GW_MUST_USE enum gw_error gw_settings_load(struct gw_settings *out, const char *path,
                                           struct gw_complaint *c);
/* The same of a text that is, or is to be, in the file `path`. */
GW_MUST_USE enum gw_error gw_settings_parse(struct gw_settings *out, struct gw_slice text,
                                            const char *path, struct gw_complaint *c);
/* Is the gateway's own key where gateway.key_file says, and private?  Nothing is asked where every
 * endpoint is plain.  Not part of loading: the settings are also read by tools that need no key.
 * Errors  GW_NOT_FOUND GW_IO; *c says what and what to do */
GW_MUST_USE enum gw_error gw_settings_check_key(const struct gw_settings *s,
                                                struct gw_complaint *c);
/* Every setting with unit, bounds, default and meaning, as the YAML of config/gateway.yaml. */
void gw_settings_print(struct gw_buf *out);

/* Read all operator files, their profiles and the place table into a new directory.
 * Cross-checks: unknown operators in share or endpoints, keys used twice, missing profiles. */
GW_MUST_USE enum gw_error gw_directory_load(struct gw_directory **out,
                                            const struct gw_settings *s,
                                            struct gw_complaint *c);
#endif
