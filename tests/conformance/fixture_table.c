/* The table of the fixture and its instances. */
#include "fixture.h"

#if defined(FAULT_DIES_ON_LOAD) || defined(FAULT_OPENS_ON_LOAD)
__attribute__((constructor)) static void on_load(void) {
#ifdef FAULT_DIES_ON_LOAD
  abort();
#else
  if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) abort();
#endif
}
#endif
#ifdef FAULT_EXTRA_SYMBOL
extern FAIRLEAD_EXPORT int fixture_extra;
int fixture_extra = 1;
#endif
#ifdef FAULT_KERNEL_SYMBOL
extern FAIRLEAD_EXPORT __attribute__((weak)) int fairlead_kernel_internal(void);
#endif

static int usable = 1;

int instances_work(void) { return usable; }

static const fairlead_value* find(const fairlead_config* config, const char* name) {
  const char* at = (const char*)(const void*)config->values;
  for (uint32_t i = 0; i < config->count; ++i, at += config->value_size) {
    const fairlead_value* value = (const fairlead_value*)(const void*)at;
    if (strcmp(value->name, name) == 0) return value;
  }
  return NULL;
}

static fairlead_status read_name(const fairlead_config* config, const char* option, char* to,
                                 fairlead_error* error) {
  const fairlead_value* value = find(config, option);
  char text[64];
  if (value == NULL || value->text.size == 0) return FAIRLEAD_OK;
#ifdef FAULT_NAMELESS_REFUSAL
  option = "of some kind";
#endif
  snprintf(text, sizeof text, "option %s must have 16 bytes", option);
  if (value->text.size != NAME) return refuse(error, FAIRLEAD_E_CONFIG, text);
  memcpy(to, value->text.data, NAME);
  return FAIRLEAD_OK;
}

static fairlead_status create(const fairlead_host* host, const fairlead_config* config, void** self,
                              fairlead_error* error) {
  struct instance* made = calloc(1, sizeof *made);
  fairlead_status status = FAIRLEAD_OK;
  if (made == NULL) return refuse(error, FAIRLEAD_E_NO_RESOURCE, "out of memory");
  made->host = host;
  status = read_name(config, "me", made->me, error);
  if (status == FAIRLEAD_OK) status = read_name(config, "trust", made->trust, error);
  if (status != FAIRLEAD_OK) {
    free(made);
    return status;
  }
#ifdef FAULT_LEAKS_INSTANCE
  {
    static void* volatile lost;
    lost = malloc(200);
    (void)lost;
  }
#endif
  usable = 1;
  *self = made;
  return FAIRLEAD_OK;
}

static void destroy(void* self) {
  free(self);
#ifdef FAULT_SHARED_INSTANCE
  usable = 0;
#endif
}

static fairlead_status peer(void* self, fairlead_peer* out) {
  struct conn* c = self;
  fairlead_peer all;
  if (c->state != OPEN) return FAIRLEAD_E_CLOSED;
  memset(&all, 0, sizeof all);
  if (c->instance->me[0] != 0) {
    all.security = FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED | FAIRLEAD_SEC_SELF_PROVEN;
    all.protocol.data = "toy";
    all.protocol.size = 3;
    all.public_key.data = (const uint8_t*)c->instance->trust;
    all.public_key.size = NAME;
    all.channel_binding.data = c->binding;
    all.channel_binding.size = NAME;
  }
#ifdef FAULT_LIES
  all.security |= FAIRLEAD_SEC_CONFIDENTIAL;
#endif
  all.struct_size = out->struct_size;
  memcpy(out, &all, out->struct_size < sizeof all ? out->struct_size : sizeof all);
  return FAIRLEAD_OK;
}

#ifdef MESSAGES
#define KIND FAIRLEAD_CAP_MESSAGE
#else
#define KIND FAIRLEAD_CAP_STREAM
#endif
#ifdef FAULT_UPPER_SCHEME
static const char* const kSchemes[] = {"Fixture", NULL};
#else
static const char* const kSchemes[] = {"fixture", NULL};
#endif
static const fairlead_option kOptions[] = {
    {"me", NULL, "Who we are, 16 bytes; empty: no greeting.", FAIRLEAD_TEXT, 0, 0, 0},
    {"trust", NULL, "Whom we trust, 16 bytes.", FAIRLEAD_TEXT, 0, 0, 0},
#ifdef FAULT_BAD_FALLBACK
    {"depth", "17", "How deep it goes.", FAIRLEAD_INT, 0, 1, 16},
#endif
    {NULL, NULL, NULL, 0, 0, 0, 0},
};

#ifdef FAULT_KERNEL_SYMBOL
int (*const fixture_imports)(void) = fairlead_kernel_internal;
#endif

const fairlead_transport fairlead_transport_v1 = {
#ifdef FAULT_BAD_MAGIC
    .magic = FAIRLEAD_TRANSPORT_MAGIC + 1,
#else
    .magic = FAIRLEAD_TRANSPORT_MAGIC,
#endif
    .struct_size = sizeof(fairlead_transport),
    .abi_major = FAIRLEAD_ABI_MAJOR,
    .abi_minor = FAIRLEAD_ABI_MINOR,
    .caps = KIND | FAIRLEAD_CAP_LISTEN | FAIRLEAD_CAP_CONNECT | FAIRLEAD_CAP_SECURE | FAIRLEAD_CAP_MUTUAL |
            FAIRLEAD_CAP_CHANNEL_BINDING | FAIRLEAD_CAP_REPORTS_LOSS,
    .id = "org.example.fixture",
    .version = "1.0.0",
    .vendor = "Example",
    .license = "Apache-2.0",
    .summary = "A transport for tests of the conformance kit.",
    .schemes = kSchemes,
    .options = kOptions,
    .option_size = sizeof(fairlead_option),
    .create = create,
    .destroy = destroy,
    .listen = do_listen,
    .connect = do_connect,
    .listener_address = do_listener_address,
    .listener_close = do_listener_close,
    .send = do_send,
    .set_reading = do_set_reading,
    .close = do_close,
    .peer = peer,
#ifndef FAULT_MISSING_SLOT
    .release = do_release,
#endif
};
