/* Plugins in C: a good one, and what C makes easy to get wrong. The test chooses by -DBEHAVIOUR_X. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "casemill_plugin.h"

static const char description[] =
    "{\"id\":\"hostile\",\"version\":\"0.1.0\",\"model\":\"1.0\",\"summary\":\"in C\",\"components\":["
    "{\"kind\":\"exporter\",\"id\":\"hostile\",\"format\":"
    "{\"name\":\"hostile\",\"media_type\":\"text/plain\",\"extension\":\"hostile\"}}]}";

static int32_t put(const casemill_sink *sink, const void *bytes, size_t length) {
    return sink->write(sink->ctx, bytes, length);
}

static int contains(casemill_bytes text, const char *word) {
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.len; i++)
        if (memcmp(text.ptr + i, word, n) == 0) return 1;
    return 0;
}

/* The value of "name" in the request; names of these tests hold nothing that JSON escapes. */
static void name_of(casemill_bytes request, char *out, size_t room) {
    static const char key[] = "\"name\":\"";
    size_t n = sizeof key - 1, at = 0, length = 0;
    while (at + n < request.len && memcmp(request.ptr + at, key, n) != 0) at++;
    at += n;
    while (at < request.len && request.ptr[at] != '"' && length + 1 < room) out[length++] = (char)request.ptr[at++];
    out[length] = 0;
}

#if defined(BEHAVIOUR_STACK)
static volatile int depth;
static int deeper(int n) {
    volatile char room[4096];
    room[n % 4096] = (char)n;
    depth = n;
    return deeper(n + 1) + room[n % 4096];
}
#endif

static void misbehave(void) {
#if defined(BEHAVIOUR_NULL_POINTER)
    *(volatile int *)8 = 1;
#elif defined(BEHAVIOUR_STACK)
    depth += deeper(0);
#elif defined(BEHAVIOUR_DOUBLE_FREE)
    char *p = malloc(64);
    free(p);
    *(volatile char *)p = 0;
    free(p);
    abort(); /* an allocator that did not notice */
#elif defined(BEHAVIOUR_EXIT)
    exit(7);
#elif defined(BEHAVIOUR_PRINT)
    printf("%s\n", "printed in C");
    fflush(stdout);
    write(1, "and past stdio\n", 15);
#elif defined(BEHAVIOUR_CLOSE)
    for (int i = 0; i < 1024; i++) close(i);
#elif defined(BEHAVIOUR_DIVIDE)
    volatile int zero = 0;
    zero = 1 / zero;
    abort(); /* a machine on which this is no fault */
#elif defined(BEHAVIOUR_MEMORY)
    for (;;) {
        char *p = malloc(16 << 20);
        memset(p, 1, 16 << 20);
    }
#endif
}

static int32_t describe(const casemill_sink *out) { return put(out, description, sizeof description - 1); }

static int32_t open_it(const casemill_host *host, casemill_bytes config, const casemill_sink *out, void **instance) {
    (void)host, (void)config, (void)out;
    *instance = malloc(1);
    return CASEMILL_OK;
}

static int32_t call(void *instance, casemill_bytes request, casemill_bytes text, const casemill_sink *out,
                    const casemill_sink *blob) {
    char name[256], head[512];
    (void)instance;
    name_of(request, name, sizeof name);
    if (contains(text, "POISON")) {
        misbehave();
#if defined(BEHAVIOUR_LENGTH)
        /* A length that is not that of the bytes: reads beyond them. */
        return put(out, description, (size_t)1 << 40);
#elif defined(BEHAVIOUR_UNTERMINATED)
        return put(out, "{\"artifacts\":[", 14);
#endif
    }
    snprintf(head, sizeof head, "{\"artifacts\":[{\"path\":\"%s.hostile\",\"length\":5}]}", name);
    return put(out, head, strlen(head)) || put(blob, "in C\n", 5);
}

static void close_it(void *instance) { free(instance); }

#if !defined(BEHAVIOUR_NO_SYMBOL)
const casemill_plugin casemill_plugin_v1 = {
#if defined(BEHAVIOUR_MAGIC)
    0x21212121u,
#else
    CASEMILL_MAGIC,
#endif
#if defined(BEHAVIOUR_SIZE)
    8,
#else
    sizeof(casemill_plugin),
#endif
    CASEMILL_ABI_MINOR,
    0,
    describe,
    open_it,
#if defined(BEHAVIOUR_NO_CALL)
    NULL,
#else
    call,
#endif
    close_it,
};
#endif
