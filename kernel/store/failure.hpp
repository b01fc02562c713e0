/// How the store room says what went wrong with a file. Only for this room: it sees SQLite.
#pragma once
#include <sqlite3.h>

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace fairlead::store {

/// bad_configuration about `file` as a whole, with a reason of Database.
tl::unexpected<base::Error> defect(const char* reason, const std::filesystem::path& file, std::string text,
                                   std::string hint);
/// What SQLite's result `code` means while `tried` was done with `file`, such as "cannot write FILE: ...".
tl::unexpected<base::Error> failure(int code, const char* tried, const std::filesystem::path& file);

/// The folder of `file` and the file itself belong to this user alone; the file is made when it is missing.
base::Status prepare_place(const std::filesystem::path& file);

}  // namespace fairlead::store
