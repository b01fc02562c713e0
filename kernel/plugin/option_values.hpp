/// OptionValues: the values of one instance, made from what its plugin declares, the configuration's texts
/// and the credentials of the link.
#pragma once
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fairlead/transport.h"
#include "plugin/transport.hpp"

namespace fairlead::plugin {

/// May a project file give the option this value? A secret's file is not opened: it lies at the site.
/// bad_configuration as OptionValues::read() says it.
base::Status check_option(std::string_view plugin, std::span<const fairlead_option> declared,
                          std::string_view option, std::string_view text);

/// Does the kernel fill options of this name?
bool is_reserved(std::string_view option) noexcept;

/// Movable. Borrows the keys of the credentials and the names of the declared options.
class OptionValues {
 public:
  /// Fails with bad_configuration: an unknown option (with the nearest known one), a reserved one, a value
  /// that cannot be read or lies out of range, a required one that is missing.
  static base::Result<OptionValues> read(std::string_view plugin, std::span<const fairlead_option> declared,
                                         const LinkCredentials& credentials, const OptionTexts& texts);

  /// As the ABI passes it; valid as long as this object.
  fairlead_config config() const noexcept;
  /// The bytes behind a SECRET value; nothing when there are none.
  std::optional<base::ByteView> secret(std::string_view name) const noexcept;

 private:
  base::Status add(const fairlead_option& option, std::string_view text);
  base::Status add_secret(const fairlead_option& option, std::string_view file);

  std::deque<std::string> texts_;  ///< a deque: the values point into it
  std::vector<fairlead_value> values_;
  std::deque<std::pair<std::string, base::Secret>> secrets_;
  std::vector<std::pair<std::string_view, const base::Secret*>> keys_;  ///< of the kit, by reserved option
};

}  // namespace fairlead::plugin
