/* fairlead/node.h - the C ABI for programs that embed a Fairlead node: a client of a project, or its server.
 *
 * Pure C11. C++ programs include <fairlead/node.hpp>, other languages bind these functions directly.
 *
 * THREADS. A node has one loop. fairlead_node_start() gives it a thread of its own; fairlead_node_run() lends
 * it the calling thread. Every callback runs on that thread, one at a time: keep it short. [any]   may be
 * called from any thread at any time, callbacks included. [away]  any thread except from inside a callback of
 * this node. MEMORY. Arguments are borrowed for the duration of the call unless a comment says otherwise. A
 * `ctx` must live until fairlead_node_close() has returned, or its callback has been replaced or has run for
 * the last time. Nothing here throws, and no callback may throw or longjmp. ERRORS. A negative status says
 * that the call did nothing. Where a call takes a fairlead_node_error (it may be NULL), it is filled then.
 * FAIRLEAD_E_NO_RESOURCE (out of memory) and FAIRLEAD_E_CONFIG (an argument is NULL, or a struct_size is too
 * small) are possible everywhere; a call's comment names the others. GROWTH. Structs begin with struct_size,
 * set by whoever makes them; new fields are only appended. */
#ifndef FAIRLEAD_NODE_H
#define FAIRLEAD_NODE_H
#include "fairlead/transport.h"
#ifdef __cplusplus
extern "C" {
#endif

#define FAIRLEAD_PRODUCT_VERSION "0.1.0"

typedef struct fairlead_node fairlead_node;           /* one client or server (opaque) */
typedef struct fairlead_responder fairlead_responder; /* the duty to answer one request (opaque) */

/* What kind of failure. The command's exit code for it is fairlead_node_error.exit_code. */
enum {
  FAIRLEAD_NODE_REFUSED = 1, /* the other side or a rule said no            FAIRLEAD_E_REFUSED      exit 1 */
  FAIRLEAD_NODE_FAILED,      /* tried and did not work (busy port, closed)  FAIRLEAD_E_CLOSED       exit 1 */
  FAIRLEAD_NODE_CANNOT_CONNECT, /* nobody there, or the login was refused      FAIRLEAD_E_UNREACHABLE  exit 2
                                 */
  FAIRLEAD_NODE_TIMED_OUT, /* a deadline passed after connecting          FAIRLEAD_E_TIMEOUT      exit 3 */
  FAIRLEAD_NODE_BAD_ARGUMENTS, /* an argument of the call or a `set` entry    FAIRLEAD_E_CONFIG       exit 4
                                */
  FAIRLEAD_NODE_BAD_CONFIGURATION, /* kit or plugin                               FAIRLEAD_E_CONFIG       exit
                                      4 */
  FAIRLEAD_NODE_INTERNAL /* a broken promise inside the library         FAIRLEAD_E_INTERNAL     exit 5 */
};
/* Why something failed. Texts are NUL-terminated UTF-8, cut to their room, without secrets. */
typedef struct fairlead_node_error {
  uint32_t struct_size;   /* set by the owner: the caller of a function, the library in a callback */
  fairlead_status status; /* as returned */
  uint32_t code;          /* FAIRLEAD_NODE_* */
  int32_t exit_code;      /* 1 to 5 */
  char text[1024];        /* what was tried, on what, what happened */
  char hint[512];         /* what to do; may be empty */
  char origin[512];       /* FILE:LINE:COL of a configuration error, else empty */
  char reason[64];        /* stable machine name of a refusal, else empty */
} fairlead_node_error;

/* One user header. Names are unique within a message, 1 to 255 bytes; those starting with "fairlead-" are
 * reserved. */
typedef struct fairlead_header {
  fairlead_text name, value;
} fairlead_header;

enum { FAIRLEAD_ONEWAY = 1, FAIRLEAD_REQUEST = 2, FAIRLEAD_REPLY = 3 };
/* A received message. Its texts, slices and headers live as long as the message: until the callback returns,
 * or until the last
 * fairlead_message_release() of whoever retained it, which must come before fairlead_node_close(). Never
 * changed by anybody. */
typedef struct fairlead_message {
  uint32_t struct_size;
  int32_t kind;                  /* FAIRLEAD_ONEWAY ... */
  fairlead_text from, to, topic; /* verified names; `from` is the sender's endpoint */
  uint8_t id[16];                /* the message's id; of a reply too */
  uint64_t payload_size;         /* bytes in all slices */
  uint32_t slice_count, header_count;
  const fairlead_bytes* slices; /* the payload, in order */
  const fairlead_header* headers;
  const uint8_t*
      content_sha256; /* 32 bytes that the sender promised, or NULL; see fairlead_message_digest() */
} fairlead_message;

enum { FAIRLEAD_ATTACH_DIGEST = 1u << 0 }; /* send the payload's SHA-256 along as content_sha256 */
/* A message to send, or an answer (which ignores flags, to and topic). */
typedef struct fairlead_outgoing {
  uint32_t struct_size, flags;  /* flags: FAIRLEAD_ATTACH_DIGEST or 0 */
  fairlead_text to, topic;      /* to: an endpoint, or "*" for every client; topic: 1 to 255 bytes */
  const fairlead_bytes* slices; /* the payload, in order */
  uint32_t slice_count, header_count;
  const fairlead_header* headers;
  /* NULL: the payload is copied before the call returns. Else the bytes (not the array) stay readable until
   * the library calls release(release_arg), once, on any thread, perhaps inside the call; never after a
   * negative status. */
  void (*release)(void* release_arg);
  void* release_arg;
} fairlead_outgoing;

enum { FAIRLEAD_PERSIST_FOREVER = 0, FAIRLEAD_PERSIST_ONCE = 1 };
/* What a node is told when it is made. Zero and empty are the defaults; only `kit` is needed. */
typedef struct fairlead_node_options {
  uint32_t struct_size;
  int32_t
      persistence;   /* clients. FOREVER: connect again after a loss. ONCE: a failure or a loss is the end */
  fairlead_text kit; /* folder of the startup kit */
  fairlead_text app; /* clients: log in as PARTICIPANT/APP; empty: the plain endpoint, or the delegated one */
  const fairlead_text* set;   /* "key=value", as --set of the command */
  uint32_t set_count;         /* entries in `set` */
  int32_t ignore_environment; /* 1: FAIRLEAD_* variables of the process mean nothing */
  fairlead_text log_level;    /* debug, info, warning, error, off; empty: the setting log.level, else info */
  fairlead_text log_format;   /* text or json, on stderr; empty: the setting log.format, else text */
  /* When set, log lines go here and not to stderr; on any thread. `level` is FAIRLEAD_LOG_*. */
  void (*log)(void* log_ctx, int32_t level, fairlead_text line);
  void* log_ctx;
} fairlead_node_options;

/* Events of a node. Any may be NULL. */
typedef struct fairlead_node_events {
  uint32_t struct_size, reserved;
  void* ctx;
  /* Messages may flow. JSON, borrowed: {"endpoint","listeners":[...]} at a server, once; at a client
   * {"endpoint","link":{"address","proved":[...],"protocol","message_security"}}, after each login. */
  void (*ready)(void* ctx, fairlead_text report_json);
  /* Clients: the connection is lost and will be tried again. */
  void (*lost)(void* ctx, const fairlead_node_error* why);
  /* The node is over, for good; the last event. NULL after a drain. */
  void (*ended)(void* ctx, const fairlead_node_error* why);
} fairlead_node_events;

/* [any] Opens and verifies the kit, resolves settings, loads transports. Opens no socket. OK: *out is the
 * caller's, until fairlead_node_close(). Errors: E_CONFIG (kit, setting or plugin; text and hint say which),
 * E_CLOSED. */
FAIRLEAD_EXPORT fairlead_status fairlead_client_open(const fairlead_node_options* options,
                                                     fairlead_node** out, fairlead_node_error* error);
/* [any] The same for the server of a project. */
FAIRLEAD_EXPORT fairlead_status fairlead_server_open(const fairlead_node_options* options,
                                                     fairlead_node** out, fairlead_node_error* error);
/* [any] Starts the node on a thread of its own and returns. `events` is copied. A server's listeners are open
 * when this returns; a client is still connecting: ready, lost or ended will tell. Once per node, instead of
 * run. Errors: E_CLOSED (a port is busy), E_CONFIG (already started, or an address cannot be used). */
FAIRLEAD_EXPORT fairlead_status fairlead_node_start(fairlead_node* node, const fairlead_node_events* events,
                                                    fairlead_node_error* error);
/* [away] The same on the calling thread: returns when the node has ended. OK after a drain; else, as `ended`
 * gets it: E_UNREACHABLE, E_REFUSED, E_TIMEOUT, E_CONFIG, E_CLOSED. */
FAIRLEAD_EXPORT fairlead_status fairlead_node_run(fairlead_node* node, const fairlead_node_events* events,
                                                  fairlead_node_error* error);
/* How a reload went: `why` is NULL when the node uses the kit as it stands now. Exactly once. */
typedef void (*fairlead_reloaded)(void* ctx, const fairlead_node_error* why);
/* [any] Opens the kit in its folder again, verified as at the start, and goes over to it: certificates, keys,
 * tokens, policy, time-outs. Connections and sessions go on; logins from now on use the new certificates.
 * `done` may be NULL; it gets E_CONFIG for a kit that cannot be used and E_REFUSED for one of another
 * project, participant, root or server, or one that needs other listeners: then everything is as it was.
 * E_CLOSED: the node is over. */
FAIRLEAD_EXPORT fairlead_status fairlead_node_reload(fairlead_node* node, fairlead_reloaded done, void* ctx);
/* [any] Ends in order: takes nothing new, finishes what is under way for at most `limit_ms`, closes; then
 * `ended`. A later call can shorten the limit. E_CLOSED: not started, or already over. */
FAIRLEAD_EXPORT fairlead_status fairlead_node_drain(fairlead_node* node, uint64_t limit_ms);
/* [away] Ends at once and frees the node. Callbacks of open requests still run, with E_CLOSED, before this
 * returns; none does afterwards. NULL is allowed. */
FAIRLEAD_EXPORT void fairlead_node_close(fairlead_node* node);

/* A message has arrived. `message` is borrowed. `responder` is NULL unless it is a request; then it belongs
 * to the receiver, who gives it to exactly one of the
 * fairlead_responder_* functions, now or later; once the node is closed, an answer goes nowhere. */
typedef void (*fairlead_handler)(void* ctx, const fairlead_message* message, fairlead_responder* responder);
/* [any] Messages with this topic go to `handler`; topic "*" takes those that no other handler wants. Replaces
 * an older one; NULL is not allowed. E_CONFIG: the topic is empty. */
FAIRLEAD_EXPORT fairlead_status fairlead_node_on(fairlead_node* node, fairlead_text topic,
                                                 fairlead_handler handler, void* ctx);

/* How a message went: `why` is NULL when the server has admitted and routed it. Exactly once. */
typedef void (*fairlead_sent)(void* ctx, const fairlead_node_error* why);
/* [any] Sends a oneway message. `done` may be NULL. E_CONFIG: to, topic or a header cannot be used; E_CLOSED:
 * the node is over. Everything else arrives in `done`: E_REFUSED with a reason such as "no_such_endpoint",
 * E_UNREACHABLE, E_TIMEOUT, E_CLOSED. */
FAIRLEAD_EXPORT fairlead_status fairlead_node_send(fairlead_node* node, const fairlead_outgoing* message,
                                                   fairlead_sent done, void* ctx);
/* The answer (borrowed), or NULL and why there is none. Exactly once. */
typedef void (*fairlead_answered)(void* ctx, const fairlead_message* reply, const fairlead_node_error* why);
/* [any] Sends a request and waits for its answer at most `deadline_ms` (1 ms to 24 h). Errors as send; in
 * `done` also E_TIMEOUT, and E_REFUSED when the receiver answered with fairlead_responder_refuse(). */
FAIRLEAD_EXPORT fairlead_status fairlead_node_request(fairlead_node* node, const fairlead_outgoing* message,
                                                      uint64_t deadline_ms, fairlead_answered done,
                                                      void* ctx);

/* [any] Answers and frees the responder. E_CONFIG: a header cannot be used; the responder is then still the
 * caller's. */
FAIRLEAD_EXPORT fairlead_status fairlead_responder_reply(fairlead_responder* responder,
                                                         const fairlead_outgoing* answer);
/* [any] Answers that there is no answer and frees the responder. The requester's `done` gets E_REFUSED with
 * this reason (at most 63 bytes, lower_snake, such as "busy") and text. */
FAIRLEAD_EXPORT void fairlead_responder_refuse(fairlead_responder* responder, fairlead_text reason,
                                               fairlead_text text);
/* [any] Frees the responder without an answer: the request will time out. NULL is allowed. */
FAIRLEAD_EXPORT void fairlead_responder_drop(fairlead_responder* responder);

/* [any] One more owner of a message. Cheap; also holds receive memory, so release soon. Gives its argument
 * back. */
FAIRLEAD_EXPORT const fairlead_message* fairlead_message_retain(const fairlead_message* message);
/* [any] One owner less; the last one frees it. NULL is allowed. */
FAIRLEAD_EXPORT void fairlead_message_release(const fairlead_message* message);
/* [any] SHA-256 of the payload as it arrived, to be compared with content_sha256. Reads the whole payload. */
FAIRLEAD_EXPORT void fairlead_message_digest(const fairlead_message* message, uint8_t out[32]);

/* [any] The node's own endpoint, such as "site-1" or "server"; borrowed until close. */
FAIRLEAD_EXPORT fairlead_text fairlead_node_endpoint(const fairlead_node* node);
/* [any] 1 inside a callback of this node: what waits for the loop must not be called there. */
FAIRLEAD_EXPORT int32_t fairlead_node_is_home(const fairlead_node* node);
/* [any] Calls write(ctx, json) before it returns: what `ready` reported, at a server also "counters".
 * E_CLOSED: over. */
FAIRLEAD_EXPORT fairlead_status fairlead_node_status(fairlead_node* node,
                                                     void (*write)(void* ctx, fairlead_text json), void* ctx);
/* [any] Calls write(ctx, json) before it returns: the site's privacy resources, KIT/local/privacy.json as it
 * stands (a JSON object, at most 1 MiB), for the application to keep to; empty when the site has none or the
 * project says secure_train: false. Read again by a reload. E_CLOSED: over. */
FAIRLEAD_EXPORT fairlead_status fairlead_node_privacy(fairlead_node* node,
                                                      void (*write)(void* ctx, fairlead_text json),
                                                      void* ctx);

#ifdef __cplusplus
}
#endif
#endif
