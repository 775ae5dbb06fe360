/* host_config.h - the settings of `karvan-adapter run`: one YAML file, any number of
 * adapters.
 *
 * The table (host_table.c) has a row per setting: name, kind, bounds, default, meaning.
 * Parser, `karvan-adapter check --settings` and config/examples/adapter-settings.yaml
 * come from it.  An unknown or impossible setting stops the start with file, line and
 * remedy. */
#ifndef GW_ADAPTERS_HOST_CONFIG_H
#define GW_ADAPTERS_HOST_CONFIG_H
#include "adapters/format.h"
#include "adapters/spool.h"
#include "conf/yaml.h"
#include "model/wire.h"
#include <karvan/client.h>

#define GW_HOST_ADAPTERS 64
#define GW_HOST_TERMS    16
#define GW_HOST_PATH     256

/* What the kinds of sources and sinks are told; which of it a kind takes is in
 * host_table.c. */
struct gw_net_config {
    char listen[128], connect[128]; /* host:port */
    char path[128], url[512];
    char token_file[GW_HOST_PATH], ca_file[GW_HOST_PATH];
    char tls_cert[GW_HOST_PATH], tls_key[GW_HOST_PATH];
    char content_type[64];
    char topic[256], client_id[64], username[64], password_file[GW_HOST_PATH];
    char device[GW_HOST_PATH];
    uint32_t baud, line_bytes, batch_lines, batch_ms, timeout_ms, failed_most;
    uint64_t max_bytes;
};

struct gw_host_terms {
    char list[GW_HOST_TERMS][256];
    uint32_t count;
};

struct gw_adapter_config {
    int line; /* in the file */
    char name[GW_NAME_MAX + 1];
    char format[32];
    char endpoint[128];
    char server_key[GW_HOST_PATH]; /* as written: the key, or the file that holds it */
    char keys[GW_HOST_PATH];       /* file */
    struct gw_host_terms live;     /* types of events that are live */
    struct {
        bool on;
        char kind[16];
        char folder[GW_HOST_PATH];
        char reply_folder[GW_HOST_PATH];
        uint32_t settle_ms, rescan_ms;
        struct gw_net_config net;
    } source;
    struct {
        bool on;
        char kind[16];
        char folder[GW_HOST_PATH];
        uint32_t every_events, every_ms, retry_ms, retry_max_ms;
        char suffix[32];
        char subscription[GW_NAME_MAX + 1];
        char start[64];
        struct gw_host_terms filter;
        bool live;
        struct gw_net_config net;
    } sink;
    struct {
        char dir[GW_HOST_PATH];
        uint64_t max_bytes;
        uint32_t max_days, batch_events, batch_bytes;
    } spool;
    struct {
        char zone[64], sender[64], recipient[64];
        bool accept_test;
        char places[GW_HOST_PATH];
        char layout[GW_HOST_PATH];
    } options;

    /* resolved by gw_host_config_load() */
    const struct gw_adapter *adapter;
    bool plain;              /* no keys: loopback or ipc only */
    char gateway_public[41]; /* empty when plain */
    struct karvan_keys own;
};

struct gw_host_config {
    char file[128];
    char log_level[8];
    char status_socket[100]; /* path; empty = none */
    uint32_t retry_ms, retry_max_ms, drain_ms;
    struct gw_adapter_config adapters[GW_HOST_ADAPTERS];
    uint32_t count;
};

/* Relative paths in the file are relative to the file's own folder.
 * Owns    *out is the caller's: gw_host_config_free()
 * Errors  GW_NOT_FOUND GW_IO GW_FORMAT GW_RANGE GW_NOMEM; *c says where, what and what to
 * do */
GW_MUST_USE enum gw_error gw_host_config_load(struct gw_host_config **out,
                                              const char *path, struct gw_complaint *c);
/* Wipes the keys. */
void gw_host_config_free(struct gw_host_config *h);
/* Every setting with bounds, default and meaning, as YAML. */
void gw_host_config_print(struct gw_buf *out);
/* The options a codec is opened with; they point into the config.  places may be NULL. */
struct gw_options gw_host_options(const struct gw_adapter_config *a,
                                  const struct gw_places *places);
#endif
