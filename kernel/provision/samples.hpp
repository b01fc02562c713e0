/// The files that a new kit's local/ folder starts with. The site owns them from then on.
#pragma once
#include <string>
#include <string_view>

#include "base/names.hpp"

namespace fairlead::provision {

/// local/fairlead.yml: every key that a site may set, all commented out.
std::string local_settings_sample(base::ParticipantType type);
/// local/privacy.json.sample.
std::string_view privacy_sample() noexcept;

}  // namespace fairlead::provision
