/// Layer "plugin": the transport of each scheme loads and takes its options.
#pragma once
#include "doctor/patient.hpp"

namespace fairlead::doctor {

/// Loads what the kit needs, as a node would, and makes an instance; opens nothing.
Rows plugin_layer(Patient& patient);

}  // namespace fairlead::doctor
