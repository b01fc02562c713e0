/// The proof, before a port opens to the world, that a stranger's key is refused.
#pragma once
#include <functional>

#include "keys.hpp"

namespace zmq_curve {

/// Binds `listening` (a CURVE socket of ours, not bound yet) to a port of the loopback, tries to connect with
/// a key that nobody knows, and unbinds it again. `serve_zap` is called whenever the handler may have to
/// answer; null: there is no handler. Throws Error(E_INTERNAL) unless that key was refused for being unknown.
/// Blocks for some milliseconds, three seconds at most.
void prove_that_strangers_are_refused(zmq::context_t& context, zmq::socket_t& listening,
                                      const PublicKey& server, const std::function<void()>& serve_zap);

}  // namespace zmq_curve
