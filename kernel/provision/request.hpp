/// Requests of participants that make their own keys: what a site sends and an admin reads. Made by
/// site_request, read by approve and by a server that keeps requests.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "base/result.hpp"
#include "crypto/certificate_request.hpp"
#include "kit/archive.hpp"
#include "kit/manifest.hpp"

namespace fairlead::provision {

/// What a key of a participant is for.
enum class KeyUse { identity, token, issuer };

/// Whose key it is.
struct Subject {
  std::string project, name;
  base::ParticipantType type = base::ParticipantType::client;
  bool operator==(const Subject&) const = default;
};

/// The keys that a participant of this type asks certificates for.
std::vector<KeyUse> requested_uses(base::ParticipantType type);
/// What a request for this key says.
crypto::RequestedIdentity requested_identity(const Subject& subject, KeyUse use);
kit::CredentialFiles files_of(KeyUse use, base::ParticipantType type);
/// bad_arguments unless project and name are such as a project file may have and can be directories.
base::Status check_subject(const Subject& subject);

/// The certificate request for one key.
struct RequestedKey {
  KeyUse use = KeyUse::identity;
  std::string pem;
};

struct Request {
  Subject subject;
  std::vector<RequestedKey> keys;  ///< one for each of requested_uses()
  /// A renewal: signature of the present key over the request for the new one, label kVoucherLabel. Else
  /// empty.
  base::Bytes voucher;

  const std::string& pem(KeyUse use) const;
};
inline constexpr std::string_view kVoucherLabel = "FAIRLEAD1 renewal request";
/// A file with a request is not larger than this many bytes.
inline constexpr size_t kLargestRequest = 64 * 1024;

/// request.json and the certificate requests, as they travel and as they lie at the site; no key.
std::vector<kit::ArchiveEntry> to_entries(const Request& request);
/// Reads such entries, whoever wrote them. Every certificate request in the result is for its subject and
/// signed by its own key; whether the project knows the subject is the caller's question. Fails with refused,
/// origin `origin` and reason request_malformed (entries missing, extra or unreadable, names that cannot be)
/// or what read_certificate_request() says.
base::Result<Request> from_entries(const std::vector<kit::ArchiveEntry>& entries, const std::string& origin);
/// from_entries() of a zip archive; also what read_archive() says.
base::Result<Request> read_request(const std::filesystem::path& zip);

}  // namespace fairlead::provision
