/// "Did you mean": the candidate closest to what somebody typed. Used wherever a closed list of words is
/// read.
#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace fairlead::config {

/// Insertions, deletions, replacements and swaps of neighbours that turn one into the other; letter case and
/// the difference between '-' and '_' do not count.
size_t edit_distance(std::string_view a, std::string_view b);

/// The closest candidate, nothing when all are further than a third of the typed word (at least 1, at most 3
/// edits).
std::optional<std::string_view> nearest(std::string_view typed, std::span<const std::string_view> candidates);

}  // namespace fairlead::config
