/* What version 1.0 of fairlead/transport.h and fairlead/node.h laid down, for 64-bit machines: where each
 * field lies, how large it is, what each constant says. Compiled against the frozen headers and against
 * today's. A field that is appended changes none of these lines; tables that say their own size may grow, the
 * others may not. */
#include <assert.h>

#include "fairlead/node.h"

#ifdef FAIRLEAD_FROZEN
#define SIZE(type, size) static_assert(sizeof(type) == (size), #type " is not what 1.0 laid down")
#define TABLE(type, size) SIZE(type, size)
#else
#define SIZE(type, size) \
  static_assert(sizeof(type) == (size), #type " says no size of its own and may not grow")
#define TABLE(type, size) static_assert(sizeof(type) >= (size), #type " has lost fields")
#endif
/* NOLINTBEGIN(bugprone-sizeof-expression): the size of a pointer is what is meant where a field is one. */
#define FIELD(type, field, offset, size)                                       \
  static_assert(offsetof(type, field) == (offset), #type "." #field " moved"); \
  static_assert(sizeof(((type*)0)->field) == (size), #type "." #field " changed its size")
#define VALUE(name, number) static_assert((name) == (number), #name " changed its value")

SIZE(fairlead_bytes, 16);
FIELD(fairlead_bytes, data, 0, 8);
FIELD(fairlead_bytes, size, 8, 8);

SIZE(fairlead_text, 16);
FIELD(fairlead_text, data, 0, 8);
FIELD(fairlead_text, size, 8, 8);

SIZE(fairlead_error, 256);
FIELD(fairlead_error, os_errno, 0, 4);
FIELD(fairlead_error, text_size, 4, 4);
FIELD(fairlead_error, text, 8, 248);

TABLE(fairlead_option, 48);
FIELD(fairlead_option, name, 0, 8);
FIELD(fairlead_option, fallback, 8, 8);
FIELD(fairlead_option, help, 16, 8);
FIELD(fairlead_option, type, 24, 4);
FIELD(fairlead_option, flags, 28, 4);
FIELD(fairlead_option, min, 32, 8);
FIELD(fairlead_option, max, 40, 8);

TABLE(fairlead_value, 40);
FIELD(fairlead_value, name, 0, 8);
FIELD(fairlead_value, type, 8, 4);
FIELD(fairlead_value, reserved, 12, 4);
FIELD(fairlead_value, number, 16, 8);
FIELD(fairlead_value, text, 24, 16);

TABLE(fairlead_config, 24);
FIELD(fairlead_config, struct_size, 0, 4);
FIELD(fairlead_config, count, 4, 4);
FIELD(fairlead_config, value_size, 8, 4);
FIELD(fairlead_config, reserved, 12, 4);
FIELD(fairlead_config, values, 16, 8);

TABLE(fairlead_peer, 120);
FIELD(fairlead_peer, struct_size, 0, 4);
FIELD(fairlead_peer, security, 4, 4);
FIELD(fairlead_peer, local_address, 8, 16);
FIELD(fairlead_peer, remote_address, 24, 16);
FIELD(fairlead_peer, protocol, 40, 16);
FIELD(fairlead_peer, cipher, 56, 16);
FIELD(fairlead_peer, certificate_der, 72, 16);
FIELD(fairlead_peer, public_key, 88, 16);
FIELD(fairlead_peer, channel_binding, 104, 16);

TABLE(fairlead_host, 176);
FIELD(fairlead_host, struct_size, 0, 4);
FIELD(fairlead_host, abi_major, 4, 2);
FIELD(fairlead_host, abi_minor, 6, 2);
FIELD(fairlead_host, ctx, 8, 8);
FIELD(fairlead_host, log, 16, 8);
FIELD(fairlead_host, now_ns, 24, 8);
FIELD(fairlead_host, count, 32, 8);
FIELD(fairlead_host, post, 40, 8);
FIELD(fairlead_host, extension, 48, 8);
FIELD(fairlead_host, counter, 56, 8);
FIELD(fairlead_host, secret, 64, 8);
FIELD(fairlead_host, watch, 72, 8);
FIELD(fairlead_host, rewatch, 80, 8);
FIELD(fairlead_host, unwatch, 88, 8);
FIELD(fairlead_host, timer, 96, 8);
FIELD(fairlead_host, cancel, 104, 8);
FIELD(fairlead_host, accepted, 112, 8);
FIELD(fairlead_host, opened, 120, 8);
FIELD(fairlead_host, rx_reserve, 128, 8);
FIELD(fairlead_host, rx_commit, 136, 8);
FIELD(fairlead_host, rx_message, 144, 8);
FIELD(fairlead_host, tx_done, 152, 8);
FIELD(fairlead_host, tx_ready, 160, 8);
FIELD(fairlead_host, closed, 168, 8);

TABLE(fairlead_dial, 24);
FIELD(fairlead_dial, struct_size, 0, 4);
FIELD(fairlead_dial, reserved, 4, 4);
FIELD(fairlead_dial, start, 8, 8);
FIELD(fairlead_dial, cancel, 16, 8);

TABLE(fairlead_transport, 192);
FIELD(fairlead_transport, magic, 0, 8);
FIELD(fairlead_transport, struct_size, 8, 4);
FIELD(fairlead_transport, abi_major, 12, 2);
FIELD(fairlead_transport, abi_minor, 14, 2);
FIELD(fairlead_transport, needs_host_minor, 16, 2);
FIELD(fairlead_transport, reserved, 18, 2);
FIELD(fairlead_transport, caps, 20, 4);
FIELD(fairlead_transport, id, 24, 8);
FIELD(fairlead_transport, version, 32, 8);
FIELD(fairlead_transport, vendor, 40, 8);
FIELD(fairlead_transport, license, 48, 8);
FIELD(fairlead_transport, summary, 56, 8);
FIELD(fairlead_transport, schemes, 64, 8);
FIELD(fairlead_transport, options, 72, 8);
FIELD(fairlead_transport, option_size, 80, 4);
FIELD(fairlead_transport, reserved2, 84, 4);
FIELD(fairlead_transport, create, 88, 8);
FIELD(fairlead_transport, destroy, 96, 8);
FIELD(fairlead_transport, reconfigure, 104, 8);
FIELD(fairlead_transport, listen, 112, 8);
FIELD(fairlead_transport, connect, 120, 8);
FIELD(fairlead_transport, listener_address, 128, 8);
FIELD(fairlead_transport, listener_close, 136, 8);
FIELD(fairlead_transport, send, 144, 8);
FIELD(fairlead_transport, set_reading, 152, 8);
FIELD(fairlead_transport, close, 160, 8);
FIELD(fairlead_transport, peer, 168, 8);
FIELD(fairlead_transport, release, 176, 8);
FIELD(fairlead_transport, extension, 184, 8);

TABLE(fairlead_node_error, 2128);
FIELD(fairlead_node_error, struct_size, 0, 4);
FIELD(fairlead_node_error, status, 4, 4);
FIELD(fairlead_node_error, code, 8, 4);
FIELD(fairlead_node_error, exit_code, 12, 4);
FIELD(fairlead_node_error, text, 16, 1024);
FIELD(fairlead_node_error, hint, 1040, 512);
FIELD(fairlead_node_error, origin, 1552, 512);
FIELD(fairlead_node_error, reason, 2064, 64);

SIZE(fairlead_header, 32);
FIELD(fairlead_header, name, 0, 16);
FIELD(fairlead_header, value, 16, 16);

TABLE(fairlead_message, 112);
FIELD(fairlead_message, struct_size, 0, 4);
FIELD(fairlead_message, kind, 4, 4);
FIELD(fairlead_message, from, 8, 16);
FIELD(fairlead_message, to, 24, 16);
FIELD(fairlead_message, topic, 40, 16);
FIELD(fairlead_message, id, 56, 16);
FIELD(fairlead_message, payload_size, 72, 8);
FIELD(fairlead_message, slice_count, 80, 4);
FIELD(fairlead_message, header_count, 84, 4);
FIELD(fairlead_message, slices, 88, 8);
FIELD(fairlead_message, headers, 96, 8);
FIELD(fairlead_message, content_sha256, 104, 8);

TABLE(fairlead_outgoing, 80);
FIELD(fairlead_outgoing, struct_size, 0, 4);
FIELD(fairlead_outgoing, flags, 4, 4);
FIELD(fairlead_outgoing, to, 8, 16);
FIELD(fairlead_outgoing, topic, 24, 16);
FIELD(fairlead_outgoing, slices, 40, 8);
FIELD(fairlead_outgoing, slice_count, 48, 4);
FIELD(fairlead_outgoing, header_count, 52, 4);
FIELD(fairlead_outgoing, headers, 56, 8);
FIELD(fairlead_outgoing, release, 64, 8);
FIELD(fairlead_outgoing, release_arg, 72, 8);

TABLE(fairlead_node_options, 104);
FIELD(fairlead_node_options, struct_size, 0, 4);
FIELD(fairlead_node_options, persistence, 4, 4);
FIELD(fairlead_node_options, kit, 8, 16);
FIELD(fairlead_node_options, app, 24, 16);
FIELD(fairlead_node_options, set, 40, 8);
FIELD(fairlead_node_options, set_count, 48, 4);
FIELD(fairlead_node_options, ignore_environment, 52, 4);
FIELD(fairlead_node_options, log_level, 56, 16);
FIELD(fairlead_node_options, log_format, 72, 16);
FIELD(fairlead_node_options, log, 88, 8);
FIELD(fairlead_node_options, log_ctx, 96, 8);

TABLE(fairlead_node_events, 40);
FIELD(fairlead_node_events, struct_size, 0, 4);
FIELD(fairlead_node_events, reserved, 4, 4);
FIELD(fairlead_node_events, ctx, 8, 8);
FIELD(fairlead_node_events, ready, 16, 8);
FIELD(fairlead_node_events, lost, 24, 8);
FIELD(fairlead_node_events, ended, 32, 8);

VALUE(FAIRLEAD_OK, 0);
VALUE(FAIRLEAD_AGAIN, 1);
VALUE(FAIRLEAD_E_CLOSED, -1);
VALUE(FAIRLEAD_E_REFUSED, -2);
VALUE(FAIRLEAD_E_TIMEOUT, -3);
VALUE(FAIRLEAD_E_UNREACHABLE, -4);
VALUE(FAIRLEAD_E_RESET, -5);
VALUE(FAIRLEAD_E_ADDRESS_IN_USE, -6);
VALUE(FAIRLEAD_E_CONFIG, -7);
VALUE(FAIRLEAD_E_CREDENTIAL, -8);
VALUE(FAIRLEAD_E_PEER_AUTH, -9);
VALUE(FAIRLEAD_E_PROTOCOL, -10);
VALUE(FAIRLEAD_E_TOO_LARGE, -11);
VALUE(FAIRLEAD_E_NO_RESOURCE, -12);
VALUE(FAIRLEAD_E_DENIED, -13);
VALUE(FAIRLEAD_E_UNSUPPORTED, -14);
VALUE(FAIRLEAD_E_INTERNAL, -99);
VALUE(FAIRLEAD_TEXT, 1);
VALUE(FAIRLEAD_INT, 2);
VALUE(FAIRLEAD_BOOL, 3);
VALUE(FAIRLEAD_DURATION_NS, 4);
VALUE(FAIRLEAD_SIZE_BYTES, 5);
VALUE(FAIRLEAD_PATH, 6);
VALUE(FAIRLEAD_SECRET, 7);
VALUE(FAIRLEAD_OPT_REQUIRED, 1);
VALUE(FAIRLEAD_OPT_SENSITIVE, 2);
VALUE(FAIRLEAD_OPT_DEPRECATED, 4);
VALUE(FAIRLEAD_SEC_CONFIDENTIAL, 1);
VALUE(FAIRLEAD_SEC_PEER_VERIFIED, 2);
VALUE(FAIRLEAD_SEC_SELF_PROVEN, 4);
VALUE(FAIRLEAD_READABLE, 1);
VALUE(FAIRLEAD_WRITABLE, 2);
VALUE(FAIRLEAD_HANGUP, 4);
VALUE(FAIRLEAD_LOG_ERROR, 1);
VALUE(FAIRLEAD_LOG_WARN, 2);
VALUE(FAIRLEAD_LOG_INFO, 3);
VALUE(FAIRLEAD_LOG_DEBUG, 4);
VALUE(FAIRLEAD_CLOSE_DRAIN, 0);
VALUE(FAIRLEAD_CLOSE_ABORT, 1);
VALUE(FAIRLEAD_CAP_STREAM, 1);
VALUE(FAIRLEAD_CAP_MESSAGE, 2);
VALUE(FAIRLEAD_CAP_LISTEN, 4);
VALUE(FAIRLEAD_CAP_CONNECT, 8);
VALUE(FAIRLEAD_CAP_LISTEN_PER_LOOP, 16);
VALUE(FAIRLEAD_CAP_SECURE, 32);
VALUE(FAIRLEAD_CAP_MUTUAL, 64);
VALUE(FAIRLEAD_CAP_CHANNEL_BINDING, 128);
VALUE(FAIRLEAD_CAP_REPORTS_LOSS, 256);
VALUE(FAIRLEAD_NODE_REFUSED, 1);
VALUE(FAIRLEAD_NODE_FAILED, 2);
VALUE(FAIRLEAD_NODE_CANNOT_CONNECT, 3);
VALUE(FAIRLEAD_NODE_TIMED_OUT, 4);
VALUE(FAIRLEAD_NODE_BAD_ARGUMENTS, 5);
VALUE(FAIRLEAD_NODE_BAD_CONFIGURATION, 6);
VALUE(FAIRLEAD_NODE_INTERNAL, 7);
VALUE(FAIRLEAD_ONEWAY, 1);
VALUE(FAIRLEAD_REQUEST, 2);
VALUE(FAIRLEAD_REPLY, 3);
VALUE(FAIRLEAD_ATTACH_DIGEST, 1);
VALUE(FAIRLEAD_PERSIST_FOREVER, 0);
VALUE(FAIRLEAD_PERSIST_ONCE, 1);
/* NOLINTEND(bugprone-sizeof-expression) */
