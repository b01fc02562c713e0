#include "provision/request.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/json.hpp"
#include "crypto/chain.hpp"

namespace fairlead::provision {
namespace {

using base::ParticipantType;

constexpr const char *kDescription = "request.json", *kVoucher = "renewal.sig";
constexpr size_t kLargestVoucher = 1024;

tl::unexpected<base::Error> malformed(std::string text) {
  return tl::unexpected<base::Error>(base::Error{base::ErrorCode::refused,
                                                 std::move(text),
                                                 "make the request again with `fairlead cert request`",
                                                 {},
                                                 "request_malformed"});
}

std::string file_of(KeyUse use, ParticipantType type) {
  const std::string key = files_of(use, type).key;
  return key.substr(0, key.size() - 3) + "csr";
}

const kit::ArchiveEntry* find(const std::vector<kit::ArchiveEntry>& entries, std::string_view path) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const kit::ArchiveEntry& entry) { return entry.path == path; });
  return found == entries.end() ? nullptr : &*found;
}

base::Result<Subject> read_subject(const std::vector<kit::ArchiveEntry>& entries) {
  const kit::ArchiveEntry* description = find(entries, kDescription);
  if (description == nullptr) return malformed("there is no request.json");
  const auto tree = base::Json::parse(base::as_text(description->content.expose()));
  if (!tree) return malformed("request.json: " + tree.error().text);
  const auto type = base::parse_participant_type((*tree)["type"].text());
  if ((*tree)["format"].integer() != 1 || !type)
    return malformed("request.json is not a request of format 1 that names a type");
  Subject subject{(*tree)["project"].text(), (*tree)["name"].text(), *type};
  if (const auto good = check_subject(subject); !good) return malformed("request.json: " + good.error().text);
  return subject;
}

/// Takes one certificate request once it is known to be what it should be.
base::Result<RequestedKey> read_key(const std::vector<kit::ArchiveEntry>& entries, const Subject& subject,
                                    KeyUse use) {
  const std::string name = file_of(use, subject.type);
  const kit::ArchiveEntry* entry = find(entries, name);
  if (entry == nullptr) return malformed("there is no " + name);
  const auto key =
      crypto::read_certificate_request(entry->content.expose(), requested_identity(subject, use));
  if (!key) {
    base::Error error = key.error();
    error.text = name + ": " + error.text;
    return tl::unexpected(std::move(error));
  }
  return RequestedKey{use, base::to_text(entry->content.expose())};
}

base::Result<Request> read_parts(const std::vector<kit::ArchiveEntry>& entries) {
  FAIRLEAD_TRY(Subject subject, read_subject(entries));
  Request request{std::move(subject), {}, {}};
  for (const KeyUse use : requested_uses(request.subject.type)) {
    FAIRLEAD_TRY(RequestedKey key, read_key(entries, request.subject, use));
    request.keys.push_back(std::move(key));
  }
  const kit::ArchiveEntry* voucher = find(entries, kVoucher);
  if (voucher != nullptr && voucher->content.size() > kLargestVoucher)
    return malformed("renewal.sig is no signature");
  if (voucher != nullptr) request.voucher = base::to_bytes(voucher->content.expose());
  if (entries.size() != request.keys.size() + 1 + (voucher != nullptr ? 1 : 0))
    return malformed("there are files that no request has");
  return request;
}

kit::ArchiveEntry entry_of(std::string path, base::ByteView content) {
  return {std::move(path), 0644, base::Secret(content)};
}

}  // namespace

std::vector<KeyUse> requested_uses(ParticipantType type) {
  if (type == ParticipantType::server) return {KeyUse::identity, KeyUse::token};
  return {KeyUse::identity};
}

crypto::RequestedIdentity requested_identity(const Subject& subject, KeyUse use) {
  switch (use) {
    case KeyUse::identity:
      return {subject.name, crypto::identity_uri(subject.project, subject.type, subject.name)};
    case KeyUse::token:
      return {subject.name, crypto::token_signer_uri(subject.project, subject.name)};
    case KeyUse::issuer:
      return {subject.name, crypto::issuer_uri(subject.project, subject.name)};
  }
  return {};
}

kit::CredentialFiles files_of(KeyUse use, ParticipantType type) {
  if (use == KeyUse::identity) return kit::identity_files(type);
  return use == KeyUse::token ? kit::token_files() : kit::issuer_files();
}

base::Status check_subject(const Subject& subject) {
  for (const std::string& name : {subject.project, subject.name})
    if (name == "." || name == "..")
      return base::fail(base::ErrorCode::bad_arguments, "\"" + name + "\" cannot be the name of a directory",
                        "use the names of the project file");
  // Project names follow the rule of server names.
  FAIRLEAD_TRY(base::check_participant_name(ParticipantType::server, subject.project));
  return base::check_participant_name(subject.type, subject.name);
}

const std::string& Request::pem(KeyUse use) const {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.use == use; });
  FAIRLEAD_ASSERT(found != keys.end());
  return found->pem;
}

std::vector<kit::ArchiveEntry> to_entries(const Request& request) {
  const base::Json description = base::Json::object({{"format", 1},
                                                     {"project", request.subject.project},
                                                     {"name", request.subject.name},
                                                     {"type", base::name(request.subject.type)}});
  std::vector<kit::ArchiveEntry> entries;
  entries.push_back(entry_of(kDescription, base::as_bytes(description.dump(2) + "\n")));
  for (const RequestedKey& key : request.keys)
    entries.push_back(entry_of(file_of(key.use, request.subject.type), base::as_bytes(key.pem)));
  if (!request.voucher.empty()) entries.push_back(entry_of(kVoucher, request.voucher));
  return entries;
}

base::Result<Request> from_entries(const std::vector<kit::ArchiveEntry>& entries, const std::string& origin) {
  auto request = read_parts(entries);
  if (request) return request;
  base::Error error = std::move(request).error();
  error.origin = origin;
  return tl::unexpected(std::move(error));
}

base::Result<Request> read_request(const std::filesystem::path& zip) {
  FAIRLEAD_TRY(const auto entries, kit::read_archive(zip, {.entries = 8, .expanded = kLargestRequest}));
  return from_entries(entries, zip.string() + ":1:1");
}

}  // namespace fairlead::provision
