/// Turns OpenSSL's account of a broken connection into a status of the ABI and a sentence for people.
#pragma once
#include <fairlead/transport.h>

#include <string>

#include "certificate_rules.hpp"
#include "openssl.hpp"

namespace tcp_tls {

struct TlsFailure {
  enum class Judge { kUs, kPeer };
  fairlead_status status;
  std::string text;
  Judge judge;  ///< who refused: after our own refusal an alert is on its way to the peer
};

/// Reads and empties the error queue.
TlsFailure explain_failure(const Verdict& verdict);

}  // namespace tcp_tls
