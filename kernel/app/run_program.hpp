/// Runs one program to its end: bytes in, bytes out, no shell. Blocks; for threads of a WorkPool.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::app {

struct Program {
  std::vector<std::string> arguments;                            ///< the first is looked up in PATH
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to this process's own
  base::Bytes input;
  size_t most_output = 0;  ///< bytes; more of it is an error
};

/// What the program wrote to stdout; its stderr is ours. ErrorCode::failed, with a stable `reason`:
/// cannot_run, exited (non-zero or by a signal), too_much_output, given_up (`give_up` became readable; the
/// program is killed).
base::Result<base::Bytes> run_program(const Program& program, int give_up);

}  // namespace fairlead::app
