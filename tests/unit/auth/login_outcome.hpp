/// What both ends of one login say.
#pragma once
#include "given.hpp"

namespace fairlead::auth {

/// What both ends say when `change` was made to a world in which everything fits.
struct Outcome {
  std::optional<base::Refusal> server, client;
  std::string server_detail, client_detail;
};

inline Outcome outcome_of(const std::function<void(World&)>& change) {
  World world;
  change(world);
  Connection connection(world);
  connection.run();
  return {connection.server_step.refused, connection.client_step.refused, connection.server_step.detail,
          connection.client_step.detail};
}

}  // namespace fairlead::auth
