/// What the libraries that a plugin names offer it, found and read without loading anything.
#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "elf_file.hpp"

namespace fairlead::check {

struct Offered {
  std::set<std::string> symbols;
  std::vector<std::string> not_found;  ///< libraries that are nowhere on this machine
};

/// Everything that DT_NEEDED of `plugin` leads to, over any number of steps.
Offered offered_to(const ElfFile& plugin, const std::filesystem::path& folder);

}  // namespace fairlead::check
