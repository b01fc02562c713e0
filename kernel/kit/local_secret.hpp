/// The secrets of a site's own: KIT/local/secrets/NAME, which no provisioning writes or reads. Read by node.
#pragma once
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "kit/kit.hpp"

namespace fairlead::kit {

/// Reads user and password for an outbound proxy: one line "user:password" of at most 1 KiB, the line's end
/// left out. A lone ":" is allowed: it asks for a Kerberos ticket. Fails with bad_configuration, the file as
/// origin and the command to type, never a part of the content: kit_secret when folder or file is missing,
/// the name is none, or the form is wrong; kit_unsafe_mode, kit_wrong_owner or kit_symlink when others could
/// read or change it (expected: folder 0700, file 0600, both of the user who runs this). Any thread.
base::Result<base::Secret> read_proxy_secret(const Kit& kit, const std::string& name);

}  // namespace fairlead::kit
