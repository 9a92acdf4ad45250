/* casemill plugin contract, ABI 1.
 *
 * A plugin is a shared library <name>.cmplugin that exports one data symbol, casemill_plugin_v1, of type
 * casemill_plugin. docs/plugin-contract.md explains life cycle, ownership, threads, limits and the JSON messages.
 */
#ifndef CASEMILL_PLUGIN_H
#define CASEMILL_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CASEMILL_MAGIC 0x4c4c494du /* "MILL", little endian */
#define CASEMILL_ABI_MINOR 0u

/* Status of a call. Any other value breaks the contract. */
#define CASEMILL_OK 0
#define CASEMILL_FAILED 1
#define CASEMILL_UNSUPPORTED 2
#define CASEMILL_BAD_REQUEST 3
#define CASEMILL_PANICKED 4
#define CASEMILL_CANCELLED 5

/* Levels of log messages. */
#define CASEMILL_ERROR 1u
#define CASEMILL_WARN 2u
#define CASEMILL_INFO 3u
#define CASEMILL_DEBUG 4u
#define CASEMILL_TRACE 5u

/* Bytes that the callee may read until the call returns. */
typedef struct casemill_bytes {
    const uint8_t *ptr;
    size_t len;
} casemill_bytes;

/* Where the callee writes its output, as often as it likes; each call copies. Not 0: stop, the host takes no more. */
typedef struct casemill_sink {
    void *ctx;
    int32_t (*write)(void *ctx, const uint8_t *p, size_t n);
} casemill_sink;

/* Given by the host, valid until the process ends. Read a field only if struct_size covers it. */
typedef struct casemill_host {
    uint32_t struct_size;
    uint32_t abi_minor;
    uint32_t max_log_level;
    uint32_t reserved;
    void *ctx;
    void (*log)(void *ctx, uint32_t level, casemill_bytes target, casemill_bytes record_json);
    int32_t (*is_cancelled)(void *ctx);
    int32_t (*resource)(void *ctx, casemill_bytes name, const casemill_sink *out);
} casemill_host;

/* Exported by the plugin. All functions may be called from any thread, but never two at once on one instance. */
typedef struct casemill_plugin {
    uint32_t magic;
    uint32_t struct_size;
    uint32_t abi_minor;
    uint32_t flags; /* 0 */
    int32_t (*describe)(const casemill_sink *out);
    int32_t (*open)(const casemill_host *host, casemill_bytes config, const casemill_sink *out, void **instance);
    int32_t (*call)(void *instance, casemill_bytes request, casemill_bytes attachment, const casemill_sink *out,
                    const casemill_sink *blob);
    void (*close)(void *instance);
} casemill_plugin;

#if defined(_WIN32)
#define CASEMILL_EXPORT __declspec(dllexport)
#else
#define CASEMILL_EXPORT __attribute__((visibility("default")))
#endif

extern CASEMILL_EXPORT const casemill_plugin casemill_plugin_v1;

#ifdef __cplusplus
}
#endif

#endif
