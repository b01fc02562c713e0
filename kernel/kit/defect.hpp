/// How the kit room says what is wrong with a kit: bad_configuration with a stable reason.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace fairlead::kit {

/// "FILE:1:1: TEXT; HINT" with `reason` from the list at Kit::open.
tl::unexpected<base::Error> defect(const char* reason, const std::filesystem::path& file, std::string text,
                                   std::string hint = {});

/// Permission bits as chmod takes them, such as "0644".
std::string octal(uint32_t mode);
/// The text of errno's value.
std::string errno_text(int error);

}  // namespace fairlead::kit
