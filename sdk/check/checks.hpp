/// The bodies of the checks, by group; check_list.cpp gives them their ids.
#pragma once
#include "check.hpp"

namespace fairlead::check {

// checks_static.cpp: nothing of the plugin runs.
Verdict elf_one_symbol(Context& context);
Verdict elf_hardening(Context& context);
Verdict elf_no_kernel_symbols(Context& context);
// checks_load.cpp
Verdict load_now_local(Context& context);
Verdict load_no_side_effects(Context& context);
// checks_table.cpp
Verdict table_header(Context& context);
Verdict table_slots(Context& context);
Verdict table_text(Context& context);
Verdict options_self_consistent(Context& context);
// checks_create.cpp
Verdict create_defaults(Context& context);
Verdict create_two_instances(Context& context);
Verdict create_bad_values(Context& context);
// checks_open.cpp
Verdict listen_accept_open(Context& context);
Verdict listen_twice(Context& context);
Verdict connect_refused(Context& context);
Verdict connect_cancel(Context& context);
// checks_end.cpp
Verdict close_idempotent(Context& context);
Verdict listener_close_keeps(Context& context);
// checks_order.cpp
Verdict order_of_events(Context& context);
// checks_data.cpp
Verdict echo_sizes(Context& context);
Verdict gather_slices(Context& context);
Verdict message_boundaries(Context& context);
// checks_pressure.cpp
Verdict send_memory(Context& context);
Verdict backpressure_out(Context& context);
Verdict backpressure_in(Context& context);
// checks_failure.cpp
Verdict peer_vanishes(Context& context);
Verdict injected_errors(Context& context);
Verdict descriptor_exhaustion(Context& context);
// checks_garbage.cpp
Verdict garbage_on_the_wire(Context& context);
// checks_security.cpp
Verdict facts_match_caps(Context& context);
Verdict wrong_peer_refused(Context& context);
// checks_hygiene.cpp
Verdict home_loop(Context& context);

}  // namespace fairlead::check
