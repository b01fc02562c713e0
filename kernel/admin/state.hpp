/// The server's database: who is disabled, and the audit log. Opened once, by AdminService.
#pragma once
#include <filesystem>

#include "store/database.hpp"

namespace fairlead::admin {

/// Opens FOLDER/server.db, or makes it. FOLDER is KIT/state. Errors as at store::Database::open.
base::Result<store::Database> open_state(const std::filesystem::path& folder);

}  // namespace fairlead::admin
