/// What a run of `fairlead doctor` says, for the tests of it.
#pragma once
#include "integration/given_deployment.hpp"

namespace fairlead::integration {

/// One report, read from --json.
struct Diagnosis {
  int code = -1;
  base::Json object{};

  /// The first row of a component; null when there is none.
  const base::Json& row(const std::string& component) const;
  std::string status(const std::string& component) const { return row(component)["status"].text(); }
  std::string detail(const std::string& component) const { return row(component)["detail"].text(); }
  std::string remedy(const std::string& component) const { return row(component)["remedy"].text(); }
  bool asks_firewall() const { return object["data"]["firewall_request"].is_object(); }
};

/// `fairlead doctor --json` with these words, to its end; the environment beside PATH.
Diagnosis diagnose(Words words, const Words& environment = {});
/// The same at another time, see at_other_time().
Diagnosis diagnose_at(const std::string& offset, Words words);

/// Exactly one component has failed, at this exit code, and the details say this.
void expect_cause(const Diagnosis& diagnosis, int code, const std::string& component,
                  const std::string& detail);

}  // namespace fairlead::integration
