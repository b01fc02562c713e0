/// Layer "revocation": the lists that are in force, and how old they are.
#pragma once
#include "crypto/crl.hpp"
#include "doctor/patient.hpp"

namespace fairlead::doctor {

struct RevocationFacts {
  std::string file;                              ///< KIT/local/crl.pem
  std::vector<crypto::RevocationFacts> lists{};  ///< read from it, or kept from an earlier run
  std::optional<base::Error> error{};            ///< why the file cannot be used
  bool strict = false;                           ///< the project's crl: strict
  base::WallTime now{};
};
/// Pure.
Rows judge_revocation(const RevocationFacts& facts);
/// Reads; unlike a node it writes nothing down.
Rows revocation_layer(Patient& patient);

}  // namespace fairlead::doctor
