#include "kit/credentials.hpp"

#include <algorithm>
#include <span>

#include "base/refusal.hpp"
#include "kit/defect.hpp"

namespace fairlead::kit {
namespace {

base::Status check_identity(const crypto::Certificate& leaf, const ExpectedIdentity& expected,
                            const std::filesystem::path& file) {
  std::string found;
  for (const std::string& uri : leaf.uri_names()) found += (found.empty() ? "" : ", ") + uri;
  const bool by_name = expected.uri.empty();
  if (by_name && found.empty()) found = leaf.common_name();
  const std::string& wanted = by_name ? expected.common_name : expected.uri;
  if (found == wanted && (!by_name || leaf.uri_names().empty())) return {};
  return defect("kit_wrong_identity", file,
                "certificate is for " + (found.empty() ? "nobody" : found) + ", expected " + wanted);
}

/// A kit outlives its certificates on disk: the chain is judged at the leaf's first moment, its expiry at
/// login.
base::Status check_chain(const std::vector<crypto::Certificate>& chain, const crypto::TrustAnchor& anchor,
                         crypto::ChainPurpose purpose, const std::filesystem::path& file) {
  const crypto::Certificate& leaf = chain.front();
  std::string detail;
  const auto trusted = crypto::verify_chain(anchor, leaf, std::span(chain).subspan(1), purpose,
                                            std::max(leaf.not_before(), anchor.root.not_before()), &detail);
  if (trusted) return {};
  return defect("kit_bad_certificate", file,
                "certificate does not lead to the project's root: " +
                    std::string(base::name(trusted.error())) + " (" + detail + ")");
}

}  // namespace

crypto::ChainPurpose login_purpose(base::ParticipantType type) noexcept {
  return type == base::ParticipantType::server ? crypto::ChainPurpose::server_login
                                               : crypto::ChainPurpose::client_login;
}

base::Result<crypto::Certificate> load_root(const Folder& startup) {
  FAIRLEAD_TRY(const Folder::Content content, startup.read(kRootFile));
  auto roots = crypto::read_pem_certificates(content.bytes);
  const std::filesystem::path file = startup.path() / kRootFile;
  if (!roots) return defect("kit_bad_certificate", file, roots.error().text);
  if (roots->size() != 1)
    return defect(
        "kit_bad_certificate", file,
        "holds " + std::to_string(roots->size()) + " certificates, expected the project's root alone");
  return std::move(roots->front());
}

base::Result<LoadedChain> load_chain(const Folder& startup, const std::string& file,
                                     const crypto::TrustAnchor& anchor, const ExpectedIdentity& expected) {
  const std::filesystem::path path = startup.path() / file;
  FAIRLEAD_TRY(const Folder::Content content, startup.read(file));
  auto chain = crypto::read_pem_certificates(content.bytes);
  if (!chain) return defect("kit_bad_certificate", path, chain.error().text);
  FAIRLEAD_TRY(check_identity(chain->front(), expected, path));
  FAIRLEAD_TRY(check_chain(*chain, anchor, expected.purpose, path));
  return LoadedChain{std::move(*chain), base::to_text(content.bytes)};
}

base::Result<Kit::Credentials> load_credentials(const Folder& startup, const CredentialFiles& files,
                                                const crypto::TrustAnchor& anchor,
                                                const ExpectedIdentity& expected, KeyPlace place) {
  const std::filesystem::path certificate_path = startup.path() / files.certificate;
  const std::filesystem::path key_path = startup.path() / files.key;
  FAIRLEAD_TRY(LoadedChain chain, load_chain(startup, files.certificate, anchor, expected));
  if (place == KeyPlace::elsewhere)
    return Kit::Credentials{std::move(chain.certificates), std::move(chain.pem), std::nullopt, {}};

  FAIRLEAD_TRY(base::Secret key_pem, startup.read_key(files.key));
  auto key = crypto::PrivateKey::from_pem(key_pem.expose());
  if (!key) return defect("kit_bad_key", key_path, key.error().text);
  const auto certified = chain.certificates.front().public_key();
  if (!certified) return defect("kit_bad_certificate", certificate_path, certified.error().text);
  if (!base::equal(certified->spki(), key->public_key().spki()))
    return defect("kit_key_mismatch", key_path, files.key + " is not the key of " + files.certificate);
  return Kit::Credentials{std::move(chain.certificates), std::move(chain.pem), std::move(*key),
                          std::move(key_pem)};
}

}  // namespace fairlead::kit
