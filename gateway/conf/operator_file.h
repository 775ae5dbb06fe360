/* operator_file.h - config/operators/NAME.yaml: one operator of the bus, read and
 * written.
 *
 *   name: aktau-port                  equals the file's name
 *   title: Port of Aktau              for people; may be left out
 *   country: KZ                       ISO 3166-1 alpha-2
 *   roles: [port]                     at most 4; may be left out
 *   ids: ["KZ990440001337"]           other names it has in `parties`, at most 8
 *   keys: ["..."]                     public keys, Z85, at most 2 (two while rotating); none: it can
 *                                     only use an endpoint of its own that is plain
 *   profile: aktau-port               its dialect in profiles_dir; left out: the shared schema
 *   enabled: true                     default true
 *   share: {with: [ktz, baku-port]}   who receives its events (share_file.h); default nobody
 *   quota: {events: 500, bytes: 1 MiB}  a second; default session.quota_*
 *
 * What one file says is checked here; what files say of each other by
 * gw_directory_load(). Thread  one at a time per struct. */
#ifndef GW_CONF_OPERATOR_FILE_H
#define GW_CONF_OPERATOR_FILE_H
#include "conf/share_file.h"

#define GW_OPERATORS_MAX 4096 /* files in a directory */

struct gw_operator_file {
    struct gw_operator
    operator; /* without profile and rules: those need the other files */
    struct gw_share share;
    int profile_line, ids_line, key_line[GW_KEYS_MAX]; /* for complaints; 0 = not there */
};

/**
 * Read and check one file.
 *
 * path    its last part must be NAME.yaml
 * Owns    *out on GW_OK: gw_operator_file_deinit(); which takes {0} as well
 * Errors  GW_IO GW_FORMAT GW_RANGE GW_EXISTS GW_NOMEM; *c says where, what and what to do
 */
GW_MUST_USE enum gw_error gw_operator_file_read(struct gw_operator_file *out,
                                                const char *path, struct gw_complaint *c);
/* The same of a text that is, or is to be, in the file `path`. */
GW_MUST_USE enum gw_error gw_operator_file_parse(struct gw_operator_file *out,
                                                 struct gw_slice text, const char *path,
                                                 struct gw_complaint *c);
void gw_operator_file_deinit(struct gw_operator_file *f);

/* All files NAME.yaml of a directory, in the order of their names; other files are left
 * alone, except NAME.yml, which somebody meant to be read: GW_FORMAT. */
struct gw_operator_files {
    struct gw_operator_file *list;
    uint32_t count;
};
/* Owns    *out on GW_OK: gw_operator_files_deinit(); *out is empty after an error
 * Errors  those of gw_operator_file_read();  GW_NOT_FOUND no such directory;  GW_RANGE
 * more than GW_OPERATORS_MAX;  GW_EXISTS a key that two files have */
GW_MUST_USE enum gw_error gw_operator_files_read(struct gw_operator_files *out,
                                                 const char *dir, struct gw_complaint *c);
void gw_operator_files_deinit(struct gw_operator_files *f);

/* The file's text, as gw_operator_file_read() takes it. */
void gw_operator_file_print(const struct gw_operator_file *f, struct gw_buf *out);

/**
 * Write DIR/NAME.yaml whole or not at all: a new file, synced, then linked to its name.
 *
 * Errors  GW_EXISTS such a file is there;  GW_IO; *c says what and what to do
 */
GW_MUST_USE enum gw_error gw_operator_file_write(const struct gw_operator_file *f,
                                                 const char *dir, struct gw_complaint *c);

/**
 * Say `enabled: true` or `false` in the file, and leave everything else in it as it is,
 * comments too; whole or not at all.
 *
 * Errors  GW_FORMAT the file is not good, or so written that one line cannot say it;
 * GW_IO
 */
GW_MUST_USE enum gw_error gw_operator_file_enable(const char *path, bool enabled,
                                                  struct gw_complaint *c);

/**
 * Add a key to, or take one from, the file's `keys`, and leave everything else in it as
 * it is.
 *
 * Errors  as gw_operator_file_enable();  GW_EXISTS it is there already;  GW_RANGE there
 * are two already;  GW_NOT_FOUND it is not there
 */
GW_MUST_USE enum gw_error gw_operator_file_add_key(const char *path, const char *key,
                                                   struct gw_complaint *c);
GW_MUST_USE enum gw_error gw_operator_file_drop_key(const char *path, const char *key,
                                                    struct gw_complaint *c);
/* Complain that a file cannot be written, errno saying why; returns e. */
enum gw_error gw_operator_cannot_write(const char *path, enum gw_error e,
                                       struct gw_complaint *c);

/* A public CURVE key as text: 40 characters of Z85 that decode to 32 bytes.
 * Source  ZeroMQ RFC 32 (Z85): five characters of 85 make four bytes, so at most 2^32 - 1
 */
bool gw_key_valid(struct gw_slice z85);
#endif
