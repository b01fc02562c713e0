/// A first project file, made from the key table. Used by `fairlead init`.
#pragma once
#include <string>
#include <string_view>

namespace fairlead::config {

/// A project of one server, two clients and an administrator on this machine, with every key of the table
/// explained once and, where nothing is to be set, commented out. Taking the '#' away in front of any
/// `#KEY: VALUE` leaves a valid file. `name` is the project's, 1-255 of [A-Za-z0-9._-]. Any thread.
std::string project_template(std::string_view name);

}  // namespace fairlead::config
