/// Layers "manifest" and "configuration": the kit as a whole, and what the site lays over it.
#pragma once
#include "doctor/patient.hpp"

namespace fairlead::doctor {

/// Opens and verifies the kit without writing anything down.
Rows manifest_layer(Patient& patient);

/// The settings that are in force, and where those that are not the kit's own come from.
struct ConfigurationFacts {
  std::string target;  ///< the participant
  base::ConnectionSecurity security = base::ConnectionSecurity::mtls;
  base::MessageSecurity messages = base::MessageSecurity::automatic;
  bool secure_train = true;
  config::Overrides overrides{};
  std::vector<config::Note> notes{};
};
/// Pure.
Rows judge_configuration(const ConfigurationFacts& facts);
Rows configuration_layer(Patient& patient);

}  // namespace fairlead::doctor
