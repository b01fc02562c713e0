/// What `fairlead --version` prints.
#pragma once
#include <string>

namespace fairlead::app {

/// Product, transport ABI and OpenSSL, one line each.
std::string version_text();

}  // namespace fairlead::app
