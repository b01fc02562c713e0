/// Renewal over a live session: what a site asks its server for, and what the server answers. The server
/// issues by itself when its kit has an issuing CA; else requests wait in its kit for an admin. Used by the
/// server node and by the command of the site.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "kit/kit.hpp"
#include "provision/request.hpp"

namespace fairlead::provision {

inline constexpr std::string_view kRenewTopic = "cert/renew";
/// A question is not larger than this many bytes, an answer not larger than that.
inline constexpr size_t kLargestRenewalQuestion = 64 * 1024, kLargestRenewalAnswer = 768 * 1024;
/// So many requests wait at a server; more are refused.
inline constexpr size_t kMostWaitingRequests = 1000;

/// The question: the certificate request and what vouches for it. Who asks is known by the session.
std::string renewal_question(const Request& request);

/// Server. Answers the question of the participant whose certificate, verified at login, is `present`:
/// {"status":"issued","chain":PEM}, {"status":"approved","archive":HEX} when an admin put the approval of
/// this very key into KIT/state/approved/NAME.zip, or {"status":"pending"} once the request is in
/// KIT/state/requests/NAME.zip. Issued certificates say what `present` says, live as long as is usual for the
/// type but never beyond the issuer, and are in KIT/state/ledger.jsonl before they are given away. Fails with
/// refused: malformed, what read_certificate_request() says, not_renewable (no certificate of this project's
/// clients, services and admins), not_vouched (not by the present key), too_many_requests; failed.
/// Writes to disk. Thread rule: one at a time for a kit.
base::Result<std::string> answer_renewal(const kit::Kit& server, const crypto::Certificate& present,
                                         base::ByteView question, base::WallTime now, base::Random& random);

/// What became of a renewal at the site.
struct Renewal {
  enum class State { installed, pending } state = State::pending;
  base::WallTime expires{};    ///< installed: of the new certificate
  bool by_issuing_ca = false;  ///< installed: without an admin
};
/// Site. Installs what the answer brings. refused (reason bad_answer, or what install.hpp says), failed.
base::Result<Renewal> take_renewal_answer(const kit::Kit& present, std::string_view answer);

}  // namespace fairlead::provision
