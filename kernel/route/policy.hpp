/// Policy: who may send what to whom. Pure, any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"

namespace fairlead::route {

/// One rule: names, participant types or `*`; a topic may end in `*`.
struct Rule {
  std::string from, to;
  std::vector<std::string> topics;
};

/// One party as the policy sees it. `type` is what its certificate says.
struct Party {
  std::string_view participant;
  base::ParticipantType type = base::ParticipantType::client;
};

/// Does `pattern` name this topic? One that ends in `*` names every topic that begins like it.
bool names_topic(std::string_view pattern, std::string_view topic) noexcept;

/// Without rules: everybody to the server and clients to clients. `admin/*` topics only ever come from
/// admins. The server may send anything to anybody.
class Policy {
 public:
  explicit Policy(std::vector<Rule> rules) : rules_(std::move(rules)) {}
  bool allows(const Party& from, const Party& to, std::string_view topic) const noexcept;

 private:
  std::vector<Rule> rules_;
};

}  // namespace fairlead::route
