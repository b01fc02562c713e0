// F10: kits of anybody, before their signature is checked: the zip reader, the manifest, the stored settings.
#include <algorithm>

#include "base/assert.hpp"
#include "fuzz/input.hpp"
#include "kit/archive.hpp"
#include "kit/manifest.hpp"
#include "kit/stored_settings.hpp"
#include "kit/unpack.hpp"

namespace fairlead::fuzz {
namespace {

constexpr kit::ArchiveLimits kLimits{.entries = 16, .expanded = 64 * 1024};

/// Stays below the folder that it is unpacked into, on every file system.
bool is_harmless(const std::string& path) {
  const std::string framed = "/" + path + "/";
  for (const char* const bad : {"/../", "/./", "//", "\\"})
    if (framed.find(bad) != std::string::npos) return false;
  return !path.empty() && std::ranges::all_of(path, [](char c) { return c >= ' ' && c <= '~'; });
}

void check_archive(base::ByteView bytes) {
  auto entries = kit::read_archive(bytes, "a.zip", kLimits);
  if (!entries) {
    FAIRLEAD_ASSERT(entries.error().reason.starts_with("archive_"));
    return;
  }
  FAIRLEAD_ASSERT(entries->size() <= kLimits.entries);
  size_t total = 0;
  for (const kit::ArchiveEntry& entry : *entries) {
    FAIRLEAD_ASSERT(is_harmless(entry.path) && entry.mode <= 0777);
    for (const kit::ArchiveEntry& other : *entries)
      FAIRLEAD_ASSERT(&entry == &other || entry.path != other.path);
    total += entry.content.size();
  }
  FAIRLEAD_ASSERT(total <= kLimits.expanded);
  const auto found = kit::find_kit(std::move(*entries), "a.zip");
  if (!found) return;
  for (const kit::ArchiveEntry& entry : found->files)
    FAIRLEAD_ASSERT(is_harmless(entry.path) && !entry.path.starts_with("state/"));
}

void check_manifest(base::ByteView text) {
  const auto manifest = kit::parse_manifest(base::as_text(text));
  if (!manifest) {
    FAIRLEAD_ASSERT(manifest.error().reason.starts_with("kit_"));
    return;
  }
  for (const kit::ManifestFile& file : manifest->files)
    FAIRLEAD_ASSERT(file.name.find('/') == std::string::npos && file.name != "..");
  const auto again = kit::parse_manifest(kit::to_text(*manifest));
  FAIRLEAD_ASSERT(again.has_value() && kit::to_text(*again) == kit::to_text(*manifest));
}

void check_settings(base::ByteView text) {
  const auto tree = base::Json::parse(base::as_text(text));
  if (!tree) return;
  const auto settings = kit::read_stored_settings(*tree);
  if (settings) FAIRLEAD_ASSERT(!settings->settings.name.empty());
  static_cast<void>(kit::without_positions(*tree));
}

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fairlead::fuzz::Input input(data, size);
  switch (input.byte() % 3) {
    case 0:
      fairlead::fuzz::check_archive(input.rest());
      break;
    case 1:
      fairlead::fuzz::check_manifest(input.rest());
      break;
    default:
      fairlead::fuzz::check_settings(input.rest());
      break;
  }
  return 0;
}
