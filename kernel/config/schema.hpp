/// JSON Schema (draft 2020-12) of the project file, made from the key table, for editors and other programs.
/// Used by `fairlead config schema`.
#pragma once
#include "base/json.hpp"

namespace fairlead::config {

/// The schema. Whatever the reader accepts it accepts too, as YAML 1.2's core schema types it, with one
/// exception: a host that looks like a number must be quoted. Of what the reader refuses it refuses what one
/// value or one map shows; what needs two places of the file (names that are taken, policy rules about
/// nobody) it does not see. Any thread.
base::Json project_schema();

}  // namespace fairlead::config
