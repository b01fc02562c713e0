/// The table of local settings: every key that a site may lay over its kit, with the places it may come from,
/// its form, and what it changes. One place for the reader's checks and for what is generated from it (hints,
/// names in the environment, the kit's sample file, manual page).
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/keys.hpp"
#include "config/overrides.hpp"

namespace fairlead::config {

/// Where a setting may come from; bits.
enum Place : unsigned { kLocalFile = 1, kEnvironment = 2, kCommandLine = 4, kAnyPlace = 7 };

/// One row. `set` gets a key and type of participant that the row covers; it fails with what is wrong with
/// the value, without saying where it came from.
struct LocalSetting {
  std::string_view key;           ///< parts joined by dots; a part in capitals stands for any word
  unsigned types;                 ///< whose kits may have it: bits of Level
  unsigned places;                ///< bits of Place
  std::string_view form;          ///< for people: what a value looks like
  std::string_view default_text;  ///< for people: what holds without it
  std::string_view help;          ///< for people: one line
  std::string_view example;       ///< a value that is right
  base::Status (*set)(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
  /// The value when somebody set it, for `config explain`; null when explain shows it in another way.
  std::optional<Value<std::string>> (*shown)(const ResolvedParticipant& one);
};

/// The whole table, in the order of the manual and the sample file. Any thread.
std::span<const LocalSetting> local_settings() noexcept;

/// The row that covers a key of a file or of `--set`, null when there is none. Any thread.
const LocalSetting* find_local_setting(std::string_view key) noexcept;

/// "FAIRLEAD_LISTEN__PORT" for "listen.port".
std::string environment_name(std::string_view key);

/// What to say about a key that may not come from this place: where it may, or the nearest one that may.
KeyProblem explain_unknown_setting(std::string_view key, Place place);

/// local/fairlead.yml of a new kit: every key that a participant of this type may set there, with its help,
/// form and default, all commented out. Any thread.
std::string local_settings_sample(base::ParticipantType type);

}  // namespace fairlead::config
