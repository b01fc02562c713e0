#include "kit/privacy.hpp"

#include <system_error>

#include "base/json.hpp"
#include "kit/defect.hpp"
#include "kit/folder.hpp"

namespace fairlead::kit {

base::Result<std::string> read_privacy(const Kit& kit) {
  const std::filesystem::path local = kit.path() / "local";
  std::error_code ignored;
  if (!kit.settings().secure_train || !std::filesystem::exists(local / kPrivacyFile, ignored))
    return std::string();
  FAIRLEAD_TRY(const Folder folder, Folder::open(local));
  FAIRLEAD_TRY(const Folder::Content content, folder.read(kPrivacyFile));
  const auto tree = base::Json::parse(base::as_text(content.bytes));
  const std::string repair = "write a JSON object, as in privacy.json.sample, or move the file away";
  if (!tree) return defect("kit_privacy", local / kPrivacyFile, tree.error().text, repair);
  if (!tree->is_object())
    return defect("kit_privacy", local / kPrivacyFile, "expected a JSON object", repair);
  return base::to_text(content.bytes);
}

}  // namespace fairlead::kit
