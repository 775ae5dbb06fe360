/* keys.c - a pair of keys in a file, as `karvan keygen` writes it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "client/socket.h"

#define KEY_LEN 40

/* The 40 characters between the quotes of `name = "..."`; false for another line. */
static bool read_line(const char *line, const char *name, char out[KEY_LEN + 1])
{
    size_t n = strlen(name);
    const char *at = line + strspn(line, " \t");
    if (strncmp(at, name, n) != 0)
        return false;
    at += n;
    at += strspn(at, " \t");
    if (*at++ != '=')
        return false;
    at += strspn(at, " \t");
    /* A Z85 key may hold any printable character but quotes and backslashes. */
    if (*at++ != '"' || strcspn(at, "\"\r\n") != KEY_LEN || at[KEY_LEN] != '"')
        return false;
    memcpy(out, at, KEY_LEN);
    out[KEY_LEN] = 0;
    return true;
}

static enum gw_error read_keys(FILE *f, struct karvan_keys *out)
{
    char line[256];
    memset(out, 0, sizeof *out);
    while (fgets(line, sizeof line, f))
        if (!read_line(line, "public-key", out->public_key))
            (void)read_line(line, "secret-key", out->secret_key);
    explicit_bzero(line, sizeof line);
    return ferror(f) ? GW_IO : GW_OK;
}

enum gw_error karvan_keys_load(struct karvan_keys *out, const char *path)
{
    struct stat st;
    FILE *f = fopen(path, "re");
    if (!f)
        return GW_IO;
    enum gw_error e = fstat(fileno(f), &st) ? GW_IO : GW_OK;
    if (!e && (st.st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)))
        e = GW_NOT_ALLOWED;
    if (!e)
        e = read_keys(f, out);
    if (!e && (!out->public_key[0] || !out->secret_key[0]))
        e = GW_FORMAT;
    fclose(f);
    return e;
}

enum gw_error karvan_public_key(char out[KEY_LEN + 1], const char *from)
{
    struct karvan_keys k;
    FILE *f;
    if (strlen(from) == KEY_LEN && access(from, F_OK) != 0) {
        memcpy(out, from, KEY_LEN + 1);
        return GW_OK;
    }
    if (!(f = fopen(from, "re")))
        return GW_IO;
    enum gw_error e = read_keys(f, &k);
    fclose(f);
    if (!e && !k.public_key[0])
        e = GW_FORMAT;
    if (!e)
        memcpy(out, k.public_key, KEY_LEN + 1);
    explicit_bzero(&k, sizeof k);
    return e;
}

enum gw_error karvan_keys_make(struct karvan_keys *out)
{
    return gw_link_keypair(out->public_key, out->secret_key) ? GW_OK : GW_IO;
}

enum gw_error karvan_keys_save(const struct karvan_keys *keys, const char *path,
                               const char *note)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? GW_EXISTS : GW_IO;
    FILE *f = fdopen(fd, "w");
    if (!f) {
        close(fd);
        return GW_IO;
    }
    fprintf(f, "# %s\n# The secret key never leaves this machine.\n",
            note ? note : "CURVE keys");
    fprintf(f, "public-key = \"%s\"\nsecret-key = \"%s\"\n", keys->public_key,
            keys->secret_key);
    bool whole = fflush(f) == 0 && fsync(fd) == 0;
    if (fclose(f) == 0 && whole)
        return GW_OK;
    unlink(path);
    return GW_IO;
}
