/// What the listener and the connections of one transport instance share. Lives as long as the instance.
#pragma once
#include "settings.hpp"
#include "tls_context.hpp"
#include "wire.hpp"

namespace tcp_tls {

struct Instance {
  Settings settings;     ///< replaced by reconfigure(); read when a connection starts
  TlsContexts contexts;  ///< likewise; a connection keeps the context it started with
  Scratch scratch;
};

}  // namespace tcp_tls
