/// Explain: every resolved value with its origin, as JSON (a contract) and as a table for people.
/// Used by `config explain` and `config check`.
#pragma once
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "config/model.hpp"

namespace fairlead::config {

/// Adds a note of level error for each custom CA file that is not there. Looks, but opens nothing.
void add_missing_file_notes(ResolvedProject& project);

/// The `data` object of `config explain --json`. With a participant's name only that one, and the notes about
/// it or about nobody in particular.
base::Json explain_json(const ResolvedProject& project, std::string_view participant = {});

/// Columns participant, setting, value, origin; same selection. Ends with a line break.
std::string explain_table(const ResolvedProject& project, std::string_view participant = {});

/// [{"level", "about", "text"}].
base::Json notes_json(const std::vector<Note>& notes);
/// "LEVEL: TEXT" lines.
std::string notes_text(const std::vector<Note>& notes);
/// The notes about a participant or about nobody; all of them for an empty name.
std::vector<Note> notes_about(const ResolvedProject& project, std::string_view participant);

}  // namespace fairlead::config
