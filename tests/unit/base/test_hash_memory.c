/* test_hash_memory.c - whatever libcrypto gets no memory for, there is a digest and it is
 * the right one.  A plain program: Criterion has used libcrypto before its tests run. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/hash.h"

static long asked, refused; /* the refused-th allocation of libcrypto fails */

static void *allocate(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return ++asked == refused ? NULL : malloc(size);
}

static void *allocate_again(void *at, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return ++asked == refused ? NULL : realloc(at, size);
}

static void give_up(void *at, const char *file, int line)
{
    (void)file, (void)line;
    free(at);
}

static int hash_without(long nth)
{
    uint8_t out[32];
    char hex[65];
    refused = nth;
    if (!CRYPTO_set_mem_functions(allocate, allocate_again, give_up))
        return 2;
    gw_sha256(GW_LIT("abc"), out);
    gw_hex(out, sizeof out, hex);
    if (memcmp(hex, "ba7816bf8f01cfea", 16) != 0)
        return 1;
    return asked < nth ? 3 : 0;
}

/* In a process of its own, for libcrypto is set up once. */
static bool is_hashed_without(long nth)
{
    int status = 0;
    pid_t child = fork();
    if (!child)
        _exit(hash_without(nth));
    if (child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
        !WEXITSTATUS(status))
        return true;
    (void)fprintf(stderr, "allocation %ld: status %x\n", nth, (unsigned)status);
    return false;
}

int main(void)
{
    int failed = 0;
    for (long nth = 1; nth < 3000; nth += nth < 60 ? 1 : 97)
        failed += !is_hashed_without(nth);
    return failed != 0;
}
