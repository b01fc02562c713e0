#include <algorithm>
#include <system_error>

#include "base/names.hpp"
#include "kit/defect.hpp"
#include "kit/delegated.hpp"
#include "kit/delegation_files.hpp"

namespace fairlead::kit {
namespace {

constexpr const char* kHint = "let the site make a new one with `fairlead token delegate`";

base::Status check_names(const Folder& folder) {
  FAIRLEAD_TRY(const std::vector<std::string> found, folder.file_names());
  for (const char* name : kDelegationFiles)
    if (std::ranges::find(found, name) == found.end())
      return defect("kit_missing_file", folder.path() / name, std::string(name) + " is missing", kHint);
  for (const std::string& name : found)
    if (std::ranges::find(kDelegationFiles, name) == std::end(kDelegationFiles))
      return defect("kit_extra_file", folder.path() / name, name + " is not part of a delegation",
                    "move it out of delegation/");
  return {};
}

base::Result<crypto::Certificate> read_own_certificate(const Folder& folder) {
  FAIRLEAD_TRY(const Folder::Content content, folder.read(kHolderCertificateFile));
  auto certificates = crypto::read_pem_certificates(content.bytes);
  const std::filesystem::path file = folder.path() / kHolderCertificateFile;
  if (!certificates) return defect("kit_bad_certificate", file, certificates.error().text, kHint);
  if (certificates->size() != 1)
    return defect("kit_bad_certificate", file,
                  "holds " + std::to_string(certificates->size()) + " certificates, expected one", kHint);
  return std::move(certificates->front());
}

/// The one key that is certified, delegated to and here.
base::Result<Kit::Credentials> read_holder(const Folder& folder, const crypto::Delegation& content) {
  FAIRLEAD_TRY(crypto::Certificate certificate, read_own_certificate(folder));
  FAIRLEAD_TRY(base::Secret key_pem, folder.read_key(kHolderKeyFile));
  auto key = crypto::PrivateKey::from_pem(key_pem.expose());
  const std::filesystem::path file = folder.path() / kHolderKeyFile;
  if (!key) return defect("kit_bad_key", file, key.error().text, kHint);
  const auto certified = certificate.public_key();
  const base::Bytes& own = key->public_key().spki();
  if (!certified || !base::equal(certified->spki(), own) || !base::equal(content.spki, own))
    return defect(
        "kit_key_mismatch", file,
        std::string(kHolderKeyFile) + " is not the key of the certificate and the delegation beside it",
        kHint);
  std::string pem = certificate.to_pem();
  return Kit::Credentials{{std::move(certificate)}, std::move(pem), std::move(*key), std::move(key_pem)};
}

base::Result<Kit::Delegated> read_delegated(const Folder& folder, std::vector<crypto::Certificate> site) {
  FAIRLEAD_TRY(Folder::Content delegation, folder.read(kDelegationFile));
  FAIRLEAD_TRY(Folder::Content signature, folder.read(kDelegationSignatureFile));
  const std::filesystem::path file = folder.path() / kDelegationFile;
  Kit::Delegated out{{std::move(delegation.bytes), std::move(signature.bytes)}, {}, std::move(site)};
  FAIRLEAD_TRY(const crypto::PublicKey key, out.site_chain.front().public_key());
  auto content = crypto::verify_delegation(out.made, key);
  if (!content)
    return defect("kit_bad_delegation", file,
                  "delegation.sig is not a signature of this delegation by the site in startup/", kHint);
  out.content = std::move(*content);
  return out;
}

}  // namespace

bool is_delegated(const std::filesystem::path& kit) {
  std::error_code ignored;
  return std::filesystem::symlink_status(kit / kDelegationFolder, ignored).type() !=
         std::filesystem::file_type::not_found;
}

base::Result<LoadedDelegation> load_delegation(const std::filesystem::path& kit, const Folder& startup,
                                               const crypto::TrustAnchor& anchor,
                                               const ExpectedIdentity& expected) {
  FAIRLEAD_TRY(const Folder folder, Folder::open(kit / kDelegationFolder));
  FAIRLEAD_TRY(check_names(folder));
  const std::string site_file = identity_files(base::ParticipantType::client).certificate;
  FAIRLEAD_TRY(LoadedChain site, load_chain(startup, site_file, anchor, expected));
  FAIRLEAD_TRY(Kit::Delegated delegated, read_delegated(folder, std::move(site.certificates)));
  const auto endpoint = base::Endpoint::parse(delegated.content.endpoint);
  const std::string own_uri_end = "/" + std::string(endpoint ? endpoint->participant() : "");
  if (!endpoint || endpoint->app().empty() || !expected.uri.ends_with(own_uri_end))
    return defect(
        "kit_bad_delegation", folder.path() / kDelegationFile,
        "the delegation is for " + delegated.content.endpoint + ", which is not below " + expected.uri,
        kHint);
  FAIRLEAD_TRY(Kit::Credentials holder, read_holder(folder, delegated.content));
  return LoadedDelegation{std::move(holder), std::move(delegated)};
}

}  // namespace fairlead::kit
