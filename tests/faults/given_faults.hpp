/// Commands that run on a disk which fails at one call, and how the workspace they leave is judged.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "support/given_project.hpp"
#include "support/running_process.hpp"

namespace fairlead::faults {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// What happens at the call.
enum class Fault {
  kill,      ///< the program dies half way through it
  one_call,  ///< it fails: EIO at odd calls, ENOSPC at even ones
  full_disk  ///< it fails with ENOSPC, and so does all that needs room from then on
};
std::string fault_name(const testing::TestParamInfo<Fault>& fault);

/// What one run came to.
struct Outcome {
  support::Finished finished;
  std::string call;  ///< the call that was made to fail, such as "rename"; empty: the run got by without it
  fs::path path;     ///< what the call was about
};

/// `fairlead` with these words in `folder`; call number `at` goes wrong, none when it is 0.
Outcome run_with_fault(const fs::path& folder, const Words& words, Fault fault, unsigned at);

/// Every kit opens, root and key belong together, the ledger's chain holds and knows every certificate in a
/// kit, every list is one of the root; half-written files have no final name.
void expect_sound(const fs::path& project);
/// Nothing but .lock begins with a dot, anywhere below.
void expect_no_leftovers(const fs::path& folder);
/// What was there before is there now, byte for byte: kits are never written to.
void expect_old_kits_untouched(const fs::path& before, const fs::path& now);

/// One server, and with `more` other participants, provisioned as of `when`.
void provision(const fs::path& folder, const std::string& more, base::WallTime when);
/// The same project as a file FOLDER/NAME.
void write_project(const fs::path& folder, const std::string& name, const std::string& more);
inline const std::string kSite = "- {name: site-1, type: client, org: o, connect_to: 127.0.0.1}\n";

}  // namespace fairlead::faults
