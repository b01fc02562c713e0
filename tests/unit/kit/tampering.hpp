/// Domain words for damaging kits: what the tests of this room share.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "kit/kit.hpp"
#include "support/given_project.hpp"

namespace fairlead::support {

/// Reason of the refusal; "opened" when the kit was accepted.
std::string reason_to_refuse(const std::filesystem::path& kit);
/// Flips one bit in the middle of a file, keeping its size and mode.
void flip_one_bit(const std::filesystem::path& file);
/// Copies a file over another one, content and mode.
void put_in_place_of(const std::filesystem::path& from, const std::filesystem::path& to);
/// Changes manifest.json and signs it again with the key in `key_file`.
void sign_again(const std::filesystem::path& kit, const std::filesystem::path& key_file,
                const std::function<void(std::string& manifest)>& change);
/// The project's root key, which GivenProject leaves unencrypted.
std::filesystem::path root_key_of(const GivenProject& project);
/// Replaces the first occurrence; ends the test program when there is none.
void replace_in(std::string& text, std::string_view what, std::string_view with);

}  // namespace fairlead::support
