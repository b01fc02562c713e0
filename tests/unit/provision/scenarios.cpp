#include "scenarios.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace fairlead::support {

namespace fs = std::filesystem;

std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; entry != end; entry.increment(error))
    if (entry->is_regular_file(error))
      files[entry->path().lexically_relative(folder).string()] = read_text(entry->path());
  return files;
}

unsigned mode_of(const fs::path& path) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777 : 0;
}

std::string with(std::string_view what, std::string_view instead) {
  std::string yaml(kSmallProject);
  const size_t at = yaml.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? yaml : yaml.replace(at, what.size(), instead);
}

std::string with_another_client() {
  return with("participants:\n", "participants:\n  - name: site-3\n    type: client\n    org: east\n");
}

provision::ProvisionOptions passphrase(std::string text) {
  provision::ProvisionOptions options;
  options.passphrase = [text = std::move(text)](provision::PassphraseNeed) -> base::Result<base::Secret> {
    return base::Secret(base::as_bytes(text));
  };
  return options;
}

}  // namespace fairlead::support
