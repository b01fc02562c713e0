/* fairlead/transport.h - the transport plugin ABI, major version 1.
 *
 * Pure C11: needs only <stddef.h> and <stdint.h>, so any language can implement it.
 * C++ authors include <fairlead/transport.hpp> instead, which wraps every table below.
 *
 * THREADS. One instance serves one listener or one route, on one loop: its home loop, the `loop` argument
 *   of its listen() and connect() calls. Instances share nothing, so no plugin state needs a lock.
 *   [home]  runs on that loop's thread, never concurrently with another [home] call of the same instance.
 *   [any]   may be called from any thread at any time.
 *   [load]  runs once per instance, before its loop runs or after it has stopped.
 * RE-ENTRY. A plugin is entered through a slot of its table or through a callback it registered (ready, fire,
 *   done, task). No host function enters the plugin before it returns. tx_done, tx_ready and closed may be
 *   called inside any slot or callback; the kernel defers whatever follows from them, and release() comes
 * only after the outermost slot or callback has returned. accepted, opened and rx_* are called from callbacks
 * only. ORDER. accepted (listening side), opened, bytes, then at the end: pending tx_done, closed, release. A
 *   connection that fails before opened() gets closed() alone. Nothing is called for it after closed().
 * MEMORY. A pointer argument is borrowed for the duration of the call unless its comment says otherwise.
 *   Nobody frees the other side's memory. Nothing may throw or longjmp across this boundary.
 * TEXT is UTF-8 and not NUL-terminated unless it is a `const char *`. TIME is monotonic nanoseconds.
 * GROWTH. A minor version only appends fields, to tables and to array elements. Test a field of the other
 *   side's table with FAIRLEAD_HAS; step through the other side's arrays by the stride beside them, never by
 *   sizeof. Reserved fields are zero and ignored. A new major is a new symbol name. */
#ifndef FAIRLEAD_TRANSPORT_H
#define FAIRLEAD_TRANSPORT_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define FAIRLEAD_ABI_MAJOR 1u
#define FAIRLEAD_ABI_MINOR 0u
#define FAIRLEAD_TRANSPORT_MAGIC \
  UINT64_C(0x4441454c52494146)                            /* the bytes "FAIRLEAD" in little-endian order */
#define FAIRLEAD_TRANSPORT_SYMBOL "fairlead_transport_v1" /* the one exported object; major in the name */
#define FAIRLEAD_HAS(type, table, field) \
  ((table)->struct_size >= offsetof(type, field) + sizeof((table)->field))

typedef struct fairlead_bytes {
  const uint8_t* data; /* may be NULL when size is 0 */
  size_t size;
} fairlead_bytes;
typedef struct fairlead_text {
  const char* data; /* may be NULL when size is 0 */
  size_t size;
} fairlead_text;
typedef struct fairlead_loop fairlead_loop;         /* kernel event loop (opaque) */
typedef struct fairlead_watch fairlead_watch;       /* kernel registration of one file descriptor (opaque) */
typedef struct fairlead_timer fairlead_timer;       /* kernel one-shot timer (opaque) */
typedef struct fairlead_dialing fairlead_dialing;   /* kernel side of one outgoing attempt (opaque) */
typedef struct fairlead_listener fairlead_listener; /* kernel side of a listener (opaque) */
typedef struct fairlead_conn fairlead_conn;         /* kernel side of a connection (opaque) */

/* Results. Zero and positive are not failures. Treat an unknown negative value as FAIRLEAD_E_INTERNAL. */
typedef int32_t fairlead_status;
enum {
  FAIRLEAD_OK = 0,
  FAIRLEAD_AGAIN = 1,          /* no progress possible now; the matching ready event will follow */
  FAIRLEAD_E_CLOSED = -1,      /* orderly end, local or remote */
  FAIRLEAD_E_REFUSED = -2,     /* nobody listens at the address          (worth retrying) */
  FAIRLEAD_E_TIMEOUT = -3,     /* deadline passed                        (worth retrying) */
  FAIRLEAD_E_UNREACHABLE = -4, /* no route or name not resolved          (worth retrying) */
  FAIRLEAD_E_RESET = -5,       /* peer vanished mid-stream               (worth retrying) */
  FAIRLEAD_E_ADDRESS_IN_USE = -6,
  FAIRLEAD_E_CONFIG = -7,     /* an option or address is unusable; text names which */
  FAIRLEAD_E_CREDENTIAL = -8, /* our own key or certificate could not be loaded */
  FAIRLEAD_E_PEER_AUTH = -9,  /* a side failed authentication, ours or the peer's; never retry silently */
  FAIRLEAD_E_PROTOCOL = -10,  /* the peer broke the wire format */
  FAIRLEAD_E_TOO_LARGE = -11,
  FAIRLEAD_E_NO_RESOURCE = -12, /* memory, descriptors, ports */
  FAIRLEAD_E_DENIED = -13,      /* the operating system refused permission */
  FAIRLEAD_E_UNSUPPORTED = -14,
  FAIRLEAD_E_INTERNAL = -99 /* a bug in the plugin, e.g. a caught exception */
};
/* Why a call failed. The caller owns it; the callee fills it on a negative result only. No secrets in it. */
typedef struct fairlead_error {
  int32_t os_errno;   /* errno value, 0 when none applies */
  uint32_t text_size; /* bytes used of text */
  char text[248];     /* what was tried, on what, what happened */
} fairlead_error;

/* Configuration: the plugin declares options, the kernel validates and prints them, the plugin reads values.
 *
 * Reserved options: a plugin that declares one of these names gets it from the kernel, per listener or route.
 *   security    TEXT    "clear", "tls" (the dialler verifies the listener) or "mtls" (both verify)
 *   ca          TEXT    PEM certificates to trust; nothing else is trusted
 *   chain       TEXT    PEM, our certificate first, then intermediates
 *   key         SECRET  PEM private key of `chain`, read through secret()
 *   crl         TEXT    PEM revocation lists of the issuers in `ca`; empty: none are checked
 *   server_name TEXT    DNS name or IP literal that the listener's certificate must carry, when dialling;
 *                       empty: the host part of the address dialled
 *   peer_name   TEXT    participant at the other end of a route, for transports that choose a key by name
 *   alpn        TEXT    application protocol to offer, and to select when offered; empty: none
 *   legacy_certificates BOOL  certificates of this project may lack key usages; what is present counts
 *   curve_key   SECRET  our own X25519 secret key for CURVE, 32 raw bytes; absent when the kit has none
 *   server_curve TEXT   CURVE public key of the listener, 64 hex digits, when dialling; empty: unknown
 * Whose CURVE keys count as proved is asked through fairlead/peers.h. */
enum {
  FAIRLEAD_TEXT = 1,
  FAIRLEAD_INT,
  FAIRLEAD_BOOL,
  FAIRLEAD_DURATION_NS,
  FAIRLEAD_SIZE_BYTES,
  FAIRLEAD_PATH,
  FAIRLEAD_SECRET
};
enum {
  FAIRLEAD_OPT_REQUIRED = 1u << 0,
  FAIRLEAD_OPT_SENSITIVE = 1u << 1, /* never printed or logged; every SECRET has it */
  FAIRLEAD_OPT_DEPRECATED = 1u << 2,
  FAIRLEAD_OPT_LOCAL = 1u << 3 /* only the site itself sets it: refused in a project file and a signed kit */
};
typedef struct fairlead_option {
  const char* name;     /* unique, lower_snake; the array ends with name == NULL */
  const char* fallback; /* text form of the default; NULL: absent from the values unless set */
  const char* help;     /* one sentence for people */
  uint32_t type, flags; /* FAIRLEAD_TEXT ..., FAIRLEAD_OPT_* */
  int64_t min, max;     /* inclusive; ignored for text-like types */
} fairlead_option;
typedef struct fairlead_value {
  const char* name;
  uint32_t type, reserved;
  int64_t number;     /* INT, BOOL, DURATION_NS, SIZE_BYTES */
  fairlead_text text; /* TEXT, PATH; for SECRET the name to pass to secret() */
} fairlead_value;
/* The values of one instance: every declared option that was set or has a fallback, each once. */
typedef struct fairlead_config {
  uint32_t struct_size, count;
  uint32_t value_size, reserved; /* stride of values in bytes */
  const fairlead_value* values;
} fairlead_config;

/* What the transport proved about one connection. The kernel checks it against the route's policy. */
enum {
  FAIRLEAD_SEC_CONFIDENTIAL = 1u << 0,  /* bytes are encrypted and integrity-protected on the wire */
  FAIRLEAD_SEC_PEER_VERIFIED = 1u << 1, /* the peer proved possession of a key we were told to trust */
  FAIRLEAD_SEC_SELF_PROVEN = 1u << 2    /* we proved our own key to the peer */
};
typedef struct fairlead_peer {
  uint32_t struct_size, security;              /* set by the kernel; FAIRLEAD_SEC_* bits */
  fairlead_text local_address, remote_address; /* scheme-specific; all texts and bytes live until release() */
  fairlead_text protocol, cipher;              /* e.g. "TLSv1.3"; empty when clear */
  fairlead_bytes certificate_der, public_key;  /* peer leaf certificate / raw peer key; empty when none */
  fairlead_bytes channel_binding;              /* RFC 9266 tls-exporter or equivalent; empty when none */
} fairlead_peer;

enum { FAIRLEAD_READABLE = 1u << 0, FAIRLEAD_WRITABLE = 1u << 1, FAIRLEAD_HANGUP = 1u << 2 };
enum { FAIRLEAD_LOG_ERROR = 1, FAIRLEAD_LOG_WARN, FAIRLEAD_LOG_INFO, FAIRLEAD_LOG_DEBUG };
enum { FAIRLEAD_CLOSE_DRAIN = 0, FAIRLEAD_CLOSE_ABORT = 1 };

/* What the kernel offers. Borrowed from create() until destroy() returns. */
typedef struct fairlead_host {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor;
  void* ctx; /* first argument of the functions that take `ctx` */
  /* [any] One line for the log, no secrets; the kernel rate-limits. Level is FAIRLEAD_LOG_*. */
  void (*log)(void* ctx, int32_t level, fairlead_text message);
  /* [any] Monotonic nanoseconds; a test clock in the conformance kit. */
  uint64_t (*now_ns)(void* ctx);
  /* [any] Adds to a metric that counter() gave; wait-free. */
  void (*count)(void* ctx, uint32_t metric, int64_t delta);
  /* [any] Runs `task` once on the loop, in posting order: the only way onto a loop from another thread. It
   * cannot be taken back, so `arg` lives until then. E_CLOSED: the loop has stopped, `task` never runs. */
  fairlead_status (*post)(fairlead_loop* loop, void (*task)(void* arg), void* arg);
  /* [any] A further table of the kernel, e.g. "fairlead.dial/1", or NULL. Lives as long as this table. */
  const void* (*extension)(void* ctx, const char* id);
  /* [load] Declares a metric; the texts are copied. Equal names give equal numbers. */
  uint32_t (*counter)(void* ctx, const char* name, const char* unit, const char* help);
  /* Inside create() and reconfigure() only: the bytes of a SECRET value, borrowed until that call returns.
   * The kernel wipes its copy; the plugin wipes its own. E_CREDENTIAL: no such secret, or not readable. */
  fairlead_status (*secret)(void* ctx, fairlead_text name, fairlead_bytes* out);
  /* [home] Watches a descriptor, level-triggered. `ready` gets the FAIRLEAD_READABLE ... bits that hold;
   * HANGUP may come unasked while any other bit is asked for. The descriptor stays the plugin's and outlives
   * the watch. Negative: nothing registered. */
  fairlead_status (*watch)(fairlead_loop* loop, int fd, uint32_t events,
                           void (*ready)(void* arg, uint32_t events), void* arg, fairlead_watch** out);
  /* [home] Changes the events asked for; 0 keeps the registration silent, hang-up included. */
  void (*rewatch)(fairlead_watch* watch, uint32_t events);
  /* [home] Ends a watch and frees it; `ready` never runs afterwards. Allowed inside `ready`. */
  void (*unwatch)(fairlead_watch* watch);
  /* [home] Runs `fire` once after at least `delay_ns`; 0 means at the next turn of the loop. The handle is
   * dead as soon as `fire` is entered: do not cancel it then. Negative: no timer was made. */
  fairlead_status (*timer)(fairlead_loop* loop, uint64_t delay_ns, void (*fire)(void* arg), void* arg,
                           fairlead_timer** out);
  /* [home] Ends a timer that has not fired, and frees it. */
  void (*cancel)(fairlead_timer* timer);
  /* [home] Announces an incoming connection: `conn` is the plugin's object, now owned like one from
   * connect(). Negative: the kernel wants no more; the plugin destroys `conn` itself, silently. */
  fairlead_status (*accepted)(fairlead_listener* listener, void* conn, fairlead_conn** out);
  /* [home] Payload may flow and peer() is complete; once. The side that verifies a peer reports it only when
   * the peer has passed. A TLS 1.3 dialler finishes first, so it may still see closed(E_PEER_AUTH)
   * afterwards, before any byte: that is the listener's verdict. */
  void (*opened)(fairlead_conn* conn);
  /* [home] STREAM: lends room to fill. OK: *size >= 1 bytes at *space, about `want`, valid until rx_commit,
   * the next rx_reserve or the end of the callback, whichever is first. AGAIN: nothing lent, stop reading
   * until set_reading(1). Negative: stop reading; close() follows. */
  fairlead_status (*rx_reserve)(fairlead_conn* conn, size_t want, uint8_t** space, size_t* size);
  /* [home] STREAM: publishes the first `size` bytes of the room. AGAIN: taken, stop reading until
   * set_reading(1). Negative: not wanted, stop reading; close() follows. */
  fairlead_status (*rx_commit)(fairlead_conn* conn, size_t size);
  /* [home] MESSAGE: one whole message. The kernel only reads the bytes and calls release(arg) exactly once,
   * on the lending connection's loop, possibly after release(conn), always before destroy(). Nobody changes
   * the bytes before that; where the peer can still write to them (shared memory), lend a copy. OK and AGAIN:
   * taken; AGAIN: stop until set_reading(1). Negative: not taken, release is not called, stop; close()
   * follows. */
  fairlead_status (*rx_message)(fairlead_conn* conn, fairlead_bytes whole, void (*release)(void* arg),
                                void* arg);
  /* [home] Gives the slices of send(cookie) back; exactly once for each send() that answered OK. */
  void (*tx_done)(fairlead_conn* conn, uint64_t cookie, fairlead_status status);
  /* [home] send() is worth trying again; once after each FAIRLEAD_AGAIN, unless closed() comes first. */
  void (*tx_ready)(fairlead_conn* conn);
  /* [home] The end: exactly once, the plugin's last call for this connection, after every tx_done. The peer
   * must be able to see the end by now, not only at release(). `detail` says what happened, for people. */
  void (*closed)(fairlead_conn* conn, fairlead_status why, fairlead_text detail);
} fairlead_host;

/* Host extension "fairlead.dial/1": outgoing TCP, so that connect() never blocks and proxy settings hold for
 * every transport. */
#define FAIRLEAD_DIAL_EXTENSION "fairlead.dial/1"
typedef struct fairlead_dial {
  uint32_t struct_size, reserved;
  /* [home] Resolves "host:port" ("[v6]:port"), tries the addresses (happy eyeballs), goes through the
   * configured proxy. Negative: no attempt was made and `done` never runs; E_CONFIG: the address cannot be
   * parsed. OK: `done` runs once on the loop, never inside start(), unless cancelled. On OK `fd` is a
   * connected, non-blocking, close-on-exec stream socket and belongs to the plugin; else fd is -1, the status
   * is E_REFUSED, E_TIMEOUT, E_UNREACHABLE, E_NO_RESOURCE or E_DENIED, and `detail` (borrowed) says which
   * address and why. The handle is dead as soon as `done` is entered. */
  fairlead_status (*start)(void* host_ctx, fairlead_loop* loop, fairlead_text host_port,
                           void (*done)(void* arg, fairlead_status status, int fd, fairlead_text detail),
                           void* arg, fairlead_dialing** out);
  /* [home] Gives up; `done` never runs afterwards; the handle is freed. */
  void (*cancel)(fairlead_dialing* dialing);
} fairlead_dial;

/* What a transport is and does. */
enum {
  FAIRLEAD_CAP_STREAM = 1u << 0,  /* ordered bytes without boundaries: the kernel frames them */
  FAIRLEAD_CAP_MESSAGE = 1u << 1, /* whole messages, in order: one frame each (exactly one of the two) */
  FAIRLEAD_CAP_LISTEN = 1u << 2,
  FAIRLEAD_CAP_CONNECT = 1u << 3,
  FAIRLEAD_CAP_LISTEN_PER_LOOP = 1u << 4, /* instances on different loops may listen on the same address */
  FAIRLEAD_CAP_SECURE = 1u << 5,          /* can reach FAIRLEAD_SEC_CONFIDENTIAL */
  FAIRLEAD_CAP_MUTUAL = 1u << 6,          /* can reach all three FAIRLEAD_SEC_* bits */
  FAIRLEAD_CAP_CHANNEL_BINDING = 1u << 7,
  FAIRLEAD_CAP_REPORTS_LOSS =
      1u << 8 /* closed() follows when the peer vanishes; else the kernel heartbeats */
};
typedef struct fairlead_transport {
  uint64_t magic; /* FAIRLEAD_TRANSPORT_MAGIC */
  uint32_t struct_size;
  uint16_t abi_major, abi_minor;       /* of the header it was compiled with */
  uint16_t needs_host_minor, reserved; /* oldest kernel minor it can live with */
  uint32_t caps;                       /* FAIRLEAD_CAP_* */
  const char *id, *version;            /* reverse domain; semver */
  const char *vendor, *license, *summary;
  const char* const* schemes; /* NULL-terminated, lower case, e.g. {"unix", NULL} */
  const fairlead_option* options;
  uint32_t option_size, reserved2; /* stride of options in bytes */
  /* [load] Makes an instance. The configuration is borrowed; copy what is kept. No threads, sockets or
   * blocking work here. E_CONFIG or E_CREDENTIAL with a text that names the option; then *self stays NULL. */
  fairlead_status (*create)(const fairlead_host* host, const fairlead_config* config, void** self,
                            fairlead_error* error);
  /* [load] Frees the instance, after every listener and connection has been released and all lent memory is
   * back. */
  void (*destroy)(void* self);
  /* [home] Optional, may be NULL. Takes a whole new configuration for later handshakes (certificates,
   * revocation lists); the bound port and open connections stay. Errors as create(); the old configuration
   * then holds. */
  fairlead_status (*reconfigure)(void* self, const fairlead_config* config, fairlead_error* error);
  /* [home] Starts listening on `address`, what follows "scheme://". OK: *out is the plugin's listener, owned
   * by it until listener_close(); `listener` is the handle for accepted(). E_CONFIG, E_ADDRESS_IN_USE,
   * E_DENIED, E_NO_RESOURCE, E_UNSUPPORTED: *out stays NULL and no event follows. */
  fairlead_status (*listen)(void* self, fairlead_loop* loop, fairlead_text address,
                            fairlead_listener* listener, void** out, fairlead_error* error);
  /* [home] Starts connecting, never blocks. OK: *out is the plugin's connection, owned by it until release();
   * opened() or closed() follows from a callback. Negative: *out stays NULL and no event follows. Deadlines
   * are the kernel's: it calls close(ABORT). */
  fairlead_status (*connect)(void* self, fairlead_loop* loop, fairlead_text address, fairlead_conn* conn,
                             void** out, fairlead_error* error);
  /* [home] The bound address with port 0 resolved, fit for connect(); borrowed until listener_close(). */
  fairlead_status (*listener_address)(void* listener, fairlead_text* out);
  /* [home] Stops and frees the listener, exactly once; accepted connections live on. */
  void (*listener_close)(void* listener);
  /* [home] OK: the slices stay readable until tx_done(cookie), which may come inside this call; with no bytes
   * in them it does. One send is in flight at a time: AGAIN takes nothing and tx_ready() follows. Negative:
   * takes nothing; E_CLOSED: the connection is closing. The array itself is borrowed for the call only. */
  fairlead_status (*send)(void* conn, const fairlead_bytes* slices, uint32_t count, uint64_t cookie);
  /* [home] Starts on; off means no rx_* until on again. Switching on delivers what the plugin has buffered
   * without waiting for the socket, yet from a callback, not inside this call. */
  void (*set_reading)(void* conn, int32_t on);
  /* [home] Ends the connection; idempotent, leads to closed() inside the call or later. ABORT: at once,
   * unsent bytes are dropped. DRAIN: takes no more sends, flushes, ends the write side, discards input until
   * the peer ends too or ABORT comes (an early full shutdown would make the peer lose bytes it has not read).
   * The draining deadline is the kernel's timer. Before opened() DRAIN is ABORT. */
  void (*close)(void* conn, int32_t mode);
  /* [home] From opened() until release(). Fill only the fields that lie within out->struct_size. After
   * closed(E_PEER_AUTH) without opened() too: with the certificate seen, if any, so that its issuer can be
   * named; security bits are then 0. E_CLOSED: nothing is known yet. */
  fairlead_status (*peer)(void* conn, fairlead_peer* out);
  /* [home] Frees the connection; after closed(), exactly once, never inside another slot or callback. */
  void (*release)(void* conn);
  /* [any] Optional, may be NULL. A further table of the plugin, "reverse.domain.name/1", or NULL. */
  const void* (*extension)(void* self, const char* id);
} fairlead_transport;

#if defined(__GNUC__)
#define FAIRLEAD_EXPORT __attribute__((visibility("default")))
#else
#define FAIRLEAD_EXPORT
#endif
extern FAIRLEAD_EXPORT const fairlead_transport fairlead_transport_v1;
#ifdef __cplusplus
}
#endif
#endif
