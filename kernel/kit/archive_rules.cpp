#include "kit/archive_rules.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "kit/defect.hpp"

namespace fairlead::kit {
namespace {

constexpr size_t kLongestPath = 255, kLongestShown = 80;

bool is_printable(char letter) noexcept { return letter >= ' ' && letter <= '~'; }

base::Status check_step(const std::filesystem::path& zip, std::string_view path, std::string_view step) {
  if (step == "..")
    return archive_defect("archive_path_escape", zip, shown_name(path) + " leaves the archive by `..`");
  if (step.empty() || step == ".")
    return archive_defect("archive_bad_name", zip, shown_name(path) + " has an empty step");
  return {};
}

base::Status check_path(const std::filesystem::path& zip, std::string_view path) {
  if (path.starts_with('/'))
    return archive_defect("archive_path_escape", zip, shown_name(path) + " is an absolute path");
  if (path.find('\\') != std::string_view::npos)
    return archive_defect("archive_path_escape", zip, shown_name(path) + " has a backslash");
  if (!std::ranges::all_of(path, is_printable))
    return archive_defect("archive_bad_name", zip, shown_name(path) + " has characters other than ASCII's");
  if (path.size() > kLongestPath)
    return archive_defect("archive_bad_name", zip,
                          shown_name(path) + " has " + std::to_string(path.size()) +
                              " bytes, expected at most " + std::to_string(kLongestPath));
  for (size_t from = 0; from <= path.size();) {
    const size_t end = std::min(path.find('/', from), path.size());
    FAIRLEAD_TRY(check_step(zip, path, path.substr(from, end - from)));
    from = end + 1;
  }
  return {};
}

}  // namespace

tl::unexpected<base::Error> archive_defect(const char* reason, const std::filesystem::path& zip,
                                           std::string text) {
  return defect(reason, zip, std::move(text), "get the archive again from who made it; do not unpack it");
}

std::string shown_name(std::string_view name) {
  std::string shown = "\"";
  for (const char letter : name.substr(0, kLongestShown)) shown += is_printable(letter) ? letter : '?';
  return shown + (name.size() > kLongestShown ? "...\"" : "\"");
}

base::Status ArchiveNames::add(std::string_view path, Kind kind) {
  if (++count_ > limits_.entries)
    return archive_defect("archive_too_many", zip_,
                          "holds more than " + std::to_string(limits_.entries) + " files and directories");
  FAIRLEAD_TRY(check_path(zip_, path));
  for (size_t end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1))
    FAIRLEAD_TRY(place(path.substr(0, end), Kind::directory, Said::implied));
  return place(path, kind, Said::named);
}

base::Status ArchiveNames::place(std::string_view path, Kind kind, Said said) {
  // File systems of other machines take names that differ only in case for one. Names are ASCII.
  const auto [at, is_new] =
      nodes_.try_emplace(base::lower_case(std::string(path)), Node{std::string(path), kind, said});
  if (is_new) return {};
  Node& there = at->second;
  if (there.spelling != path)
    return archive_defect("archive_duplicate", zip_,
                          shown_name(path) + " and " + shown_name(there.spelling) + " differ only in case");
  if (there.kind != kind)
    return archive_defect("archive_duplicate", zip_, shown_name(path) + " is a file and a directory");
  if (said == Said::named && there.said == Said::named)
    return archive_defect("archive_duplicate", zip_, shown_name(path) + " is there twice");
  if (said == Said::named) there.said = Said::named;
  return {};
}

}  // namespace fairlead::kit
