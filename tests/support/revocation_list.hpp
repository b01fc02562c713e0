/// Revocation lists as OpenSSL makes them, good ones and odd ones, for the tests of every room.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "crypto/certificate.hpp"

struct X509_crl_st;

namespace fairlead::support {

/// What to put into a list.
struct ListProfile {
  long number = 1;
  base::WallTime this_update{}, next_update{};
  std::vector<crypto::Certificate> revoked{};
  std::function<void(X509_crl_st*)> change{};  ///< runs last, before the list is signed
};

/// DER of a list of `issuer`, signed with `key`. Ends the test program when OpenSSL cannot make it.
base::Bytes revocation_list(const crypto::Certificate& issuer, const crypto::PrivateKey& key,
                            const ListProfile& profile);
/// The same as one PEM block.
std::string pem_revocation_list(const crypto::Certificate& issuer, const crypto::PrivateKey& key,
                                const ListProfile& profile);

/// A list of the root of a provisioned project, from an hour ago until `life` from now. `workspace` is the
/// folder WORKSPACE/PROJECT, which was provisioned with --no-passphrase.
std::string project_revocation_list(const std::filesystem::path& workspace, long number,
                                    const std::vector<std::filesystem::path>& revoked_kits,
                                    std::chrono::minutes life = std::chrono::hours(24));
/// The same, of any certificates of that root.
std::string project_revocation_list_of(const std::filesystem::path& workspace, long number,
                                       const std::vector<crypto::Certificate>& revoked,
                                       std::chrono::minutes life = std::chrono::hours(24));

}  // namespace fairlead::support
