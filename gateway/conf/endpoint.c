/* endpoint.c - the list `endpoints:` of config/gateway.yaml. */
#include "conf/endpoint.h"
#include "conf/nearest.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#define TCP          "tcp://"
#define IPC          "ipc://"
#define IPC_PATH_MAX 107 /* sockaddr_un.sun_path, without its end */

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* "127.x.x.x": four numbers, or a name like 127.example.org would pass for loopback. */
static bool is_loopback_ip4(const char *host, size_t len)
{
    if (len < 4 || !starts(host, "127."))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!isdigit((unsigned char)host[i]) && host[i] != '.')
            return false;
    return true;
}

bool gw_address_is_local(const char *address)
{
    const char *host = address + strlen(TCP), *colon = strrchr(address, ':');
    size_t len;
    if (starts(address, IPC))
        return true;
    if (!starts(address, TCP) || colon < host)
        return false;
    len = (size_t)(colon - host);
    return is_loopback_ip4(host, len) || gw_slice_is(gw_slice(host, len), "localhost") ||
           gw_slice_is(gw_slice(host, len), "[::1]");
}

static bool port_valid(const char *port)
{
    uint64_t n;
    return strcmp(port, "*") == 0 ||
           (gw_slice_uint(gw_slice_str(port), &n) && n >= 1 && n <= 65535);
}

static bool host_valid(const char *host, size_t len)
{
    bool bracket = len > 2 && host[0] == '[' && host[len - 1] == ']';
    if (len == 1 && host[0] == '*')
        return true;
    for (size_t i = bracket; i < len - bracket; i++)
        if (!isalnum((unsigned char)host[i]) && !strchr(bracket ? ":.%" : "-._", host[i]))
            return false;
    return len > 0;
}

static bool tcp_valid(const char *address)
{
    const char *host = address + strlen(TCP), *colon = strrchr(host, ':');
    return colon && host_valid(host, (size_t)(colon - host)) && port_valid(colon + 1);
}

/* ipc://PATH with the path made absolute; false if it is too long for a Unix socket. */
static bool set_ipc(struct gw_endpoint *e, const char *path, const char *dir)
{
    int n = path[0] == '/'
                ? snprintf(e->address, sizeof e->address, IPC "%s", path)
                : snprintf(e->address, sizeof e->address, IPC "%s/%s", dir, path);
    return n > 0 && (size_t)n <= strlen(IPC) + IPC_PATH_MAX;
}

static enum gw_error read_address(struct gw_ynode at, const char *dir,
                                  struct gw_endpoint *e, struct gw_complaint *c)
{
    const char *text = gw_ynode_text(at);
    if (starts(text, IPC) && text[strlen(IPC)] && text[strlen(IPC)] != '@') {
        if (set_ipc(e, text + strlen(IPC), dir))
            return GW_OK;
        gw_complain(c, at, "choose a directory with a shorter name",
                    "the path of %s is longer than a Unix socket's 107 bytes", text);
        return GW_RANGE;
    }
    if (starts(text, TCP) && tcp_valid(text) &&
        gw_slice_copy(gw_slice_str(text), e->address, sizeof e->address))
        return GW_OK;
    gw_complain(c, at, "write tcp://HOST:PORT with a port of 1 to 65535, or ipc:///PATH",
                "\"%s\" is no address", text);
    return GW_FORMAT;
}

static enum gw_error read_security(struct gw_ynode at, struct gw_endpoint *e,
                                   struct gw_complaint *c)
{
    const char *text = gw_ynode_text(at);
    e->plain = strcmp(text, "plain") == 0;
    if (e->plain || gw_ynode_kind(at) == GW_Y_ABSENT || strcmp(text, "curve") == 0)
        return GW_OK;
    gw_complain(c, at, "write curve or plain", "\"%s\" is no kind of security", text);
    return GW_FORMAT;
}

static bool lists(const struct gw_endpoint *e, const char *operator)
{
    for (uint32_t i = 0; i < e->operator_count; i++)
        if (strcmp(e->operators[i], operator) == 0)
            return true;
    return false;
}

static enum gw_error add_operator(struct gw_ynode at, struct gw_endpoint *e,
                                  struct gw_complaint *c)
{
    const char *name = gw_ynode_text(at);
    if (!gw_name_valid(gw_slice_str(name))) {
        gw_complain(c, at, "write the operator's name: 1 to 32 of a-z 0-9 - _ .",
                    "\"%s\" cannot be an operator", name);
        return GW_FORMAT;
    }
    if (lists(e, name)) {
        gw_complain(c, at, "list it once", "operator %s is listed twice", name);
        return GW_EXISTS;
    }
    snprintf(e->operators[e->operator_count++], sizeof e->operators[0], "%s", name);
    return GW_OK;
}

static enum gw_error read_operators(struct gw_ynode list, struct gw_endpoint *e,
                                    struct gw_complaint *c)
{
    enum gw_error err = GW_OK;
    int n = gw_ynode_count(list);
    if (gw_ynode_kind(list) == GW_Y_ABSENT)
        return GW_OK;
    if (gw_ynode_kind(list) != GW_Y_LIST) {
        gw_complain(c, list, "write a list: [aktau-port, ktz]", "operators is no list");
        return GW_FORMAT;
    }
    if (n > GW_ENDPOINT_OPERATORS) {
        gw_complain(c, list,
                    "split the endpoint, or leave the list empty to admit everybody",
                    "%d operators; at most %d can be listed", n, GW_ENDPOINT_OPERATORS);
        return GW_RANGE;
    }
    for (int i = 0; !err && i < n; i++)
        err = add_operator(gw_ynode_item(list, i), e, c);
    return err;
}

static enum gw_error check_keys(struct gw_ynode map, struct gw_complaint *c)
{
    static const char *const keys[] = {"name", "address", "security", "operators"};
    for (int i = 0; i < gw_ynode_count(map); i++) {
        struct gw_ynode key = gw_ynode_key(map, i);
        struct gw_nearest near = gw_nearest_to(gw_ynode_text(key));
        bool known = false;
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            known = known || strcmp(keys[k], near.word) == 0;
            gw_nearest_offer(&near, keys[k]);
        }
        if (known)
            continue;
        gw_complain(c, key, near.best ? "correct the word" : "remove it",
                    "an endpoint has no \"%s\"%s", near.word, gw_nearest_hint(&near));
        return GW_FORMAT;
    }
    return GW_OK;
}

/* Nothing travels in the clear beyond this machine, and without a key only the endpoint
 * can say who is there. */
static enum gw_error check_plain(struct gw_ynode map, const struct gw_endpoint *e,
                                 struct gw_complaint *c)
{
    struct gw_ynode at = gw_ynode_get(map, "security");
    if (!e->plain)
        return GW_OK;
    if (!gw_address_is_local(e->address)) {
        gw_complain(c, at,
                    "use security: curve, or an address on 127.0.0.1, [::1] or ipc://",
                    "endpoint %s is plain, but %s can be reached from other machines",
                    e->name, e->address);
        return GW_RANGE;
    }
    if (e->operator_count != 1) {
        gw_complain(
            c, at, "name the one operator that uses it: operators: [NAME]",
            "endpoint %s is plain and lists %u operators; without keys it must be one",
            e->name, e->operator_count);
        return GW_RANGE;
    }
    return GW_OK;
}

static enum gw_error read_name(struct gw_ynode map, struct gw_endpoint *e,
                               struct gw_complaint *c)
{
    struct gw_ynode at = gw_ynode_get(map, "name");
    if (gw_name_valid(gw_slice_str(gw_ynode_text(at)))) {
        snprintf(e->name, sizeof e->name, "%s", gw_ynode_text(at));
        return GW_OK;
    }
    gw_complain(c, gw_ynode_kind(at) ? at : map,
                "give it a name of 1 to 32 of a-z 0-9 - _ .",
                "\"%s\" cannot be an endpoint's name", gw_ynode_text(at));
    return GW_FORMAT;
}

static enum gw_error read_endpoint(struct gw_ynode map, const char *dir,
                                   struct gw_endpoint *e, struct gw_complaint *c)
{
    enum gw_error err;
    struct gw_ynode address = gw_ynode_get(map, "address");
    e->line = gw_ynode_line(map);
    if (gw_ynode_kind(map) != GW_Y_MAP) {
        gw_complain(c, map, "write name, address, security and operators",
                    "not an endpoint");
        return GW_FORMAT;
    }
    err = check_keys(map, c);
    if (!err)
        err = read_name(map, e, c);
    if (!err)
        err = read_address(gw_ynode_kind(address) ? address : map, dir, e, c);
    if (!err)
        err = read_security(gw_ynode_get(map, "security"), e, c);
    if (!err)
        err = read_operators(gw_ynode_get(map, "operators"), e, c);
    return err ? err : check_plain(map, e, c);
}

/* Two endpoints cannot be bound to one address, except to "any free port". */
static enum gw_error check_unique(struct gw_ynode map, const struct gw_settings *s,
                                  struct gw_complaint *c)
{
    const struct gw_endpoint *e = &s->endpoints[s->endpoint_count];
    for (uint32_t i = 0; i < s->endpoint_count; i++) {
        const struct gw_endpoint *other = &s->endpoints[i];
        bool same_name = strcmp(other->name, e->name) == 0;
        bool same_address = strcmp(other->address, e->address) == 0 &&
                            e->address[strlen(e->address) - 1] != '*';
        if (!same_name && !same_address)
            continue;
        gw_complain(c, map, "give each endpoint its own",
                    "%s %s is taken by the endpoint of line %d",
                    same_name ? "the name" : "the address",
                    same_name ? e->name : e->address, other->line);
        return GW_EXISTS;
    }
    return GW_OK;
}

static void set_default(struct gw_settings *out)
{
    snprintf(out->endpoints[0].name, sizeof out->endpoints[0].name, "main");
    snprintf(out->endpoints[0].address, sizeof out->endpoints[0].address, "tcp://*:7400");
    out->endpoint_count = 1;
}

enum gw_error gw_endpoints_read(struct gw_ynode list, const char *dir,
                                struct gw_settings *out, struct gw_complaint *c)
{
    int n = gw_ynode_count(list);
    if (gw_ynode_kind(list) == GW_Y_ABSENT) {
        set_default(out);
        return GW_OK;
    }
    if (gw_ynode_kind(list) != GW_Y_LIST || n < 1 || n > GW_ENDPOINTS_MAX) {
        gw_complain(c, list,
                    "write a list of 1 to 64 endpoints, or leave it out for tcp://*:7400",
                    "endpoints is no list of endpoints");
        return GW_FORMAT;
    }
    for (int i = 0; i < n; i++) {
        struct gw_ynode item = gw_ynode_item(list, i);
        enum gw_error e = read_endpoint(item, dir, &out->endpoints[i], c);
        if (!e)
            e = check_unique(item, out, c);
        if (e)
            return e;
        out->endpoint_count++;
    }
    return GW_OK;
}
