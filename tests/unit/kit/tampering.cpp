#include "tampering.hpp"

#include <gtest/gtest.h>

#include <system_error>

#include "crypto/key.hpp"
#include "kit/manifest.hpp"

namespace fairlead::support {

namespace fs = std::filesystem;

std::string reason_to_refuse(const fs::path& kit) {
  const auto opened = kit::Kit::open(kit);
  return opened ? "opened" : opened.error().reason;
}

void flip_one_bit(const fs::path& file) {
  std::string content = read_text(file);
  ASSERT_FALSE(content.empty()) << file;
  char& victim = content[content.size() / 2];
  victim = static_cast<char>(victim ^ 1);
  write_text(file, content);
}

void put_in_place_of(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  ASSERT_FALSE(error) << error.message();
}

void sign_again(const fs::path& kit, const fs::path& key_file,
                const std::function<void(std::string&)>& change) {
  std::string manifest = read_text(kit / "startup/manifest.json");
  change(manifest);
  const std::string pem = read_text(key_file);
  const auto key = crypto::PrivateKey::from_pem(base::as_bytes(pem));
  ASSERT_TRUE(key.has_value());
  const auto signature = key->sign(kit::kManifestLabel, base::as_bytes(manifest));
  ASSERT_TRUE(signature.has_value());
  write_text(kit / "startup/manifest.json", manifest);
  write_text(kit / "startup/manifest.sig", base::as_text(*signature));
}

fs::path root_key_of(const GivenProject& project) { return project.workspace() / "demo/state/rootCA.key"; }

void replace_in(std::string& text, std::string_view what, std::string_view with) {
  const size_t at = text.find(what);
  ASSERT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), with);
}

}  // namespace fairlead::support
