/* A transport that loads and does nothing, or has the one fault that a FAULT_ macro names. */
#include <string.h>

#include "fairlead/transport.h"

static fairlead_status refuse(fairlead_error* error, const char* text) {
  error->text_size = (uint32_t)strlen(text);
  memcpy(error->text, text, error->text_size);
  return FAIRLEAD_E_CONFIG;
}

static fairlead_status create(const fairlead_host* host, const fairlead_config* config, void** self,
                              fairlead_error* error) {
  (void)config;
#ifdef FAULT_CREATE_FAILED
  (void)host, (void)self;
  return refuse(error, "option depth is never right");
#else
  static char instance;
  (void)host, (void)error, (void)refuse;
  *self = &instance;
  return FAIRLEAD_OK;
#endif
}
static void destroy(void* self) { (void)self; }
static fairlead_status do_listen(void* self, fairlead_loop* loop, fairlead_text address,
                                 fairlead_listener* listener, void** out, fairlead_error* error) {
  (void)self, (void)loop, (void)address, (void)listener, (void)out;
  return refuse(error, "this transport listens nowhere");
}
static fairlead_status do_connect(void* self, fairlead_loop* loop, fairlead_text address, fairlead_conn* conn,
                                  void** out, fairlead_error* error) {
  (void)self, (void)loop, (void)address, (void)conn, (void)out;
  return refuse(error, "this transport connects nowhere");
}
static fairlead_status listener_address(void* listener, fairlead_text* out) {
  (void)listener, (void)out;
  return FAIRLEAD_E_CLOSED;
}
static void listener_close(void* listener) { (void)listener; }
static fairlead_status do_send(void* conn, const fairlead_bytes* slices, uint32_t count, uint64_t cookie) {
  (void)conn, (void)slices, (void)count, (void)cookie;
  return FAIRLEAD_E_CLOSED;
}
static void set_reading(void* conn, int32_t on) { (void)conn, (void)on; }
static void do_close(void* conn, int32_t mode) { (void)conn, (void)mode; }
static fairlead_status peer(void* conn, fairlead_peer* out) {
  (void)conn, (void)out;
  return FAIRLEAD_E_CLOSED;
}
static void release(void* conn) { (void)conn; }

#if defined(FAULT_TWO_SCHEMES)
static const char* const kSchemes[] = {"second", "whole", NULL};
#elif defined(FAULT_BAD_DESCRIPTOR)
static const char* const kSchemes[] = {"Whole", NULL};
#else
static const char* const kSchemes[] = {"whole", NULL};
#endif
#if defined(FAULT_BAD_DEFAULT)
#define DEPTH_DEFAULT "17"
#else
#define DEPTH_DEFAULT "4"
#endif
static const fairlead_option kOptions[] = {
    {"depth", DEPTH_DEFAULT, "How deep it goes.", FAIRLEAD_INT, 0, 1, 16},
    {NULL, NULL, NULL, 0, 0, 0, 0},
};

#if defined(FAULT_NOT_A_TRANSPORT)
#define TABLE something_else
#elif defined(FAULT_OTHER_MAJOR)
#define TABLE fairlead_transport_v2
#else
#define TABLE fairlead_transport_v1
#endif
#if defined(FAULT_TWO_SCHEMES)
#define ID "org.example.two-schemes"
#elif defined(FAULT_WHOLE_TWIN)
#define ID "org.example.twin"
#else
#define ID "org.example.whole"
#endif

extern FAIRLEAD_EXPORT const fairlead_transport TABLE;
const fairlead_transport TABLE = {
#ifdef FAULT_BAD_MAGIC
    .magic = FAIRLEAD_TRANSPORT_MAGIC + 1,
#else
    .magic = FAIRLEAD_TRANSPORT_MAGIC,
#endif
#ifdef FAULT_SHORT_TABLE
    .struct_size = sizeof(fairlead_transport) - 1,
#else
    .struct_size = sizeof(fairlead_transport),
#endif
#ifdef FAULT_OTHER_MAJOR_FIELD
    .abi_major = FAIRLEAD_ABI_MAJOR + 1,
#else
    .abi_major = FAIRLEAD_ABI_MAJOR,
#endif
    .abi_minor = FAIRLEAD_ABI_MINOR,
#ifdef FAULT_NEEDS_NEWER_KERNEL
    .needs_host_minor = FAIRLEAD_ABI_MINOR + 1,
#endif
    .caps = FAIRLEAD_CAP_STREAM | FAIRLEAD_CAP_LISTEN | FAIRLEAD_CAP_CONNECT,
    .id = ID,
    .version = "1.0.0",
    .vendor = "Example",
    .license = "Apache-2.0",
    .summary = "Goes nowhere.",
    .schemes = kSchemes,
    .options = kOptions,
    .option_size = sizeof(fairlead_option),
    .create = create,
    .destroy = destroy,
    .listen = do_listen,
    .connect = do_connect,
    .listener_address = listener_address,
    .listener_close = listener_close,
    .send = do_send,
    .set_reading = set_reading,
    .close = do_close,
    .peer = peer,
#ifndef FAULT_MISSING_SLOT
    .release = release,
#endif
};
#ifdef FAULT_MISSING_SLOT
void (*const fixture_unused)(void*) = release;
#endif
