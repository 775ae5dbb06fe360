/* keys.c - a pair of keys in a file, as `karvan keygen` writes it. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <karvan/client.h>

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
    if (ferror(f))
        return GW_IO;
    return out->public_key[0] && out->secret_key[0] ? GW_OK : GW_FORMAT;
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
    fclose(f);
    return e;
}
