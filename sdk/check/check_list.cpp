#include "checks.hpp"

namespace fairlead::check {
namespace {

constexpr Scope kOnce = Scope::plugin;
constexpr Scope kEach = Scope::configuration;
constexpr Weight kGate = Weight::gate;
constexpr Weight kOne = Weight::single;

constexpr Check kChecks[] = {
    {"elf-one-symbol", "The file is a whole ELF library that exports fairlead_transport_v1 and nothing else.",
     kOnce, kGate, 10, &elf_one_symbol},
    {"elf-hardening",
     "It has RELRO and a stack that is not executable, no TEXTREL, no foreign RPATH, and every "
     "symbol that it needs is in a library that it names.",
     kOnce, kOne, 10, &elf_hardening},
    {"elf-no-kernel-symbols", "It imports nothing of the kernel: a plugin talks through the table only.",
     kOnce, kOne, 10, &elf_no_kernel_symbols},
    {"load-now-local", "It loads with RTLD_NOW and RTLD_LOCAL, within 100 ms.", kOnce, kGate, 20,
     &load_now_local},
    {"load-no-side-effects",
     "Loading starts no thread, opens no descriptor and changes no signal, locale, umask, "
     "working directory or environment.",
     kOnce, kOne, 20, &load_no_side_effects},
    {"table-header", "Magic number, version, size and reserved fields of the table are right.", kOnce, kGate,
     20, &table_header},
    {"table-slots",
     "Every slot that its capabilities need is set; it is either a stream or a message transport.", kOnce,
     kGate, 20, &table_slots},
    {"table-text", "Id, version, licence and schemes have the right form and are UTF-8.", kOnce, kOne, 20,
     &table_text},
    {"options-self-consistent",
     "Every option has a name, a help text and a fallback that it would accept itself; "
     "secrets are flagged sensitive.",
     kOnce, kGate, 20, &options_self_consistent},
    {"create-defaults",
     "Creating and destroying an instance 100 times leaks no memory, descriptor or thread.", kEach, kOne, 20,
     &create_defaults},
    {"create-two-instances", "Two instances live side by side, and one outlives the other.", kEach, kOne, 20,
     &create_two_instances},
    {"create-bad-values",
     "A value out of range or a wrong credential is refused with the option's name, and no "
     "secret shows up in a text.",
     kEach, kOne, 20, &create_bad_values},
    {"listen-accept-open",
     "Both ends report opened() once, and the listener tells an address fit for connect().", kEach, kOne, 20,
     &listen_accept_open},
    {"listen-twice", "A second listener on the same address is refused with E_ADDRESS_IN_USE.", kEach, kOne,
     20, &listen_twice},
    {"connect-refused", "Where nobody listens there is one negative status or one closed(E_REFUSED).", kEach,
     kOne, 20, &connect_refused},
    {"connect-cancel", "close(ABORT) before opened() leads to one closed() and no opened().", kEach, kOne, 20,
     &connect_cancel},
    {"close-idempotent",
     "Closing again leads to exactly one closed(), and the other end sees it before release().", kEach, kOne,
     20, &close_idempotent},
    {"order-of-events", "In 1,000 random schedules no event comes out of order, and nothing after closed().",
     kEach, kOne, 90, &order_of_events},
    {"listener-close-keeps", "Accepted connections stay usable when their listener closes.", kEach, kOne, 20,
     &listener_close_keeps},
    {"echo-sizes", "0 bytes to 16 MiB arrive intact and in order, both directions at once.", kEach, kOne, 40,
     &echo_sizes},
    {"gather-slices", "1 to 1,024 slices, empty ones included, arrive as their concatenation.", kEach, kOne,
     20, &gather_slices},
    {"message-boundaries", "A message arrives as one rx_message; a stream survives any split.", kEach, kOne,
     30, &message_boundaries},
    {"send-memory", "Slices are not read after tx_done(), which comes exactly once for each taken send().",
     kEach, kOne, 30, &send_memory},
    {"backpressure-out", "A slow reader leads to AGAIN and bounded memory, and tx_ready() follows.", kEach,
     kOne, 40, &backpressure_out},
    {"backpressure-in", "After AGAIN nothing is delivered until set_reading(1), and nothing is lost.", kEach,
     kOne, 30, &backpressure_in},
    {"peer-vanishes", "When the other process is killed, closed() follows within 2 s.", kEach, kOne, 20,
     &peer_vanishes},
    {"injected-errors", "Each of the first 50 host calls fails in turn: no crash, no leak, nothing stuck.",
     kEach, kOne, 60, &injected_errors},
    {"descriptor-exhaustion", "Accepting without free descriptors does not spin, and recovers afterwards.",
     kEach, kOne, 20, &descriptor_exhaustion},
    {"garbage-on-the-wire",
     "Random, cut and damaged bytes from a stranger end the connection and nothing else.", kEach, kOne, 40,
     &garbage_on_the_wire},
    {"facts-match-caps", "peer() reports what the configuration promises, and every capability is reached.",
     kOnce, kOne, 30, &facts_match_caps},
    {"wrong-peer-refused",
     "An untrusted peer is refused with E_PEER_AUTH, the right one is identified and bound.", kEach, kOne, 20,
     &wrong_peer_refused},
    {"home-loop",
     "Host calls come on the loop's thread only, no error queue is left filled, and no SIGPIPE raised.",
     kEach, kOne, 20, &home_loop},
};

}  // namespace

std::span<const Check> all_checks() noexcept { return kChecks; }

}  // namespace fairlead::check
