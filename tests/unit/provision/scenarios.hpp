/// Domain words of this room's tests: a clock that stands still, digests of files, variants of the small
/// project.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "base/clock.hpp"
#include "support/given_project.hpp"

namespace fairlead::support {

class StoppedClock final : public base::Clock {
 public:
  base::WallTime now = base::WallTime(std::chrono::sys_days(std::chrono::year(2030) / 1 / 15));
  base::WallTime wall() const noexcept override { return now; }
  base::MonoTime mono() const noexcept override { return {}; }
};

/// Path below `folder` -> content, of every file.
std::map<std::string, std::string> files_below(const std::filesystem::path& folder);
/// Permission bits of a file or directory.
unsigned mode_of(const std::filesystem::path& path);
/// The small project with one more client at the top of its list.
std::string with_another_client();
/// The small project with one text replaced by another; the first must be in it.
std::string with(std::string_view what, std::string_view instead);
/// Options whose passphrase is the given one.
provision::ProvisionOptions passphrase(std::string text);

}  // namespace fairlead::support
