/// RenewalDesk: takes the certificate renewals of the sites that are logged in. Part of the server node.
#pragma once
#include <map>
#include <string>

#include "auth/session.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "kit/kit.hpp"

namespace fairlead::node {

/// Thread rule: the node's loop; writing to disk happens there too.
class RenewalDesk {
 public:
  /// Renewals of one participant within kWindow; more are refused with `rate_limited`.
  static constexpr uint32_t kMostRenewals = 5;
  static constexpr std::chrono::seconds kWindow{60};

  RenewalDesk(const base::Clock& clock, base::Random& random, base::Log& log) noexcept
      : clock_(clock), random_(random), log_(log) {}

  /// Answers the question of `sender`, whose name and type are those of the certificate that its login stands
  /// on. Delegates have none of their own: not_allowed. Else provision::answer_renewal().
  base::Result<std::string> answer(const kit::Kit& server, const auth::Session& sender,
                                   base::ByteView question);

 private:
  struct Pace {
    base::MonoTime since{};
    uint32_t count = 0;
  };
  base::Status count(const std::string& participant);

  const base::Clock& clock_;
  base::Random& random_;
  base::Log& log_;
  std::map<std::string, Pace, std::less<>> paces_;
};

}  // namespace fairlead::node
