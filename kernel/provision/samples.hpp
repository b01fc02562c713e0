/// The file that a new kit's local/ folder starts with beside fairlead.yml. The site owns it from then on.
#pragma once
#include <string_view>

namespace fairlead::provision {

/// local/privacy.json.sample.
std::string_view privacy_sample() noexcept;

}  // namespace fairlead::provision
