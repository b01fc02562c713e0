/// The same relay as processes.hpp, in nothing but libzmq with CURVE: what the zmq transport is measured
/// against.
#pragma once
#include "bench/processes.hpp"

namespace fairlead::bench {

/// Each returns the exit code of its process and comes back when SharedCounters::stop is set. The keys are
/// made once, before the processes part.
void make_raw_keys();
int run_raw_server(const Load& load, SharedCounters& shared);
int run_raw_receiver(const Load& load, SharedCounters& shared);
int run_raw_sender(const Load& load, SharedCounters& shared);

}  // namespace fairlead::bench
