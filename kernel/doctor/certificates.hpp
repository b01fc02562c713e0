/// Layers "certificates" and "clock": when what the kit holds is valid, and whether this machine's time can
/// be right.
#pragma once
#include "doctor/patient.hpp"
#include "doctor/time_text.hpp"

namespace fairlead::doctor {

/// One row for each certificate: failed when it is expired or not yet valid, a warning when less than 30 days
/// or a quarter of its life is left, whichever is less. Pure.
Rows judge_certificates(const std::vector<Validity>& own, base::WallTime now);
Rows certificates_layer(Patient& patient);

struct ClockFacts {
  base::WallTime now{};
  std::vector<Validity> own{};       ///< of the kit
  std::optional<Validity> server{};  ///< of the certificate that the server showed
  /// The server's clock less ours, when a login told.
  std::optional<std::chrono::milliseconds> skew{};
};
/// Suspects the clock when everything of the kit is out of its validity and the server's certificate, where
/// one was seen, is too; warns of a clock that is 30 s off the server's. Pure.
Row judge_clock(const ClockFacts& facts);
/// Also once more, when the server has been seen.
Rows clock_layer(Patient& patient);

}  // namespace fairlead::doctor
