#include "provision/live_renewal.hpp"

#include <algorithm>
#include <system_error>

#include "base/json.hpp"
#include "crypto/chain.hpp"
#include "kit/durable.hpp"
#include "kit/folder.hpp"
#include "provision/install.hpp"
#include "provision/issue.hpp"
#include "provision/kit_entries.hpp"
#include "provision/profile.hpp"
#include "provision/refuse.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
using base::Json;

tl::unexpected<base::Error> malformed(std::string text) {
  return refuse("malformed", "the renewal cannot be read: " + std::move(text),
                "compare the versions of both sides");
}

/// Whoever asks, as the certificate of the session says.
base::Result<crypto::Identity> identity_of(const kit::Kit& server, const crypto::Certificate& present) {
  const auto identity = crypto::identity_of(present);
  if (!identity || identity->token_signer || identity->type == base::ParticipantType::server ||
      identity->project != server.settings().project)
    return refuse("not_renewable", "there is no certificate here that a server may renew",
                  "ask who runs the project for a new kit");
  return *identity;
}

base::Result<Request> read_question(base::ByteView question, const crypto::Identity& identity) {
  if (question.size() > kLargestRenewalQuestion) return malformed("it is too large");
  const auto tree = Json::parse(base::as_text(question));
  if (!tree) return malformed("it is not JSON");
  const auto voucher = base::from_hex((*tree)["voucher"].text());
  if (!voucher || !(*tree)["voucher"].is_string()) return malformed("there is no voucher");
  const std::string pem = (*tree)["request"].text();
  Request request{{identity.project, identity.name, identity.type}, {{KeyUse::identity, pem}}, *voucher};
  FAIRLEAD_TRY(crypto::read_certificate_request(base::as_bytes(pem),
                                                requested_identity(request.subject, KeyUse::identity)));
  return request;
}

/// An open session is not enough: whoever has the key asks.
base::Status check_voucher(const Request& request, const crypto::Certificate& present) {
  FAIRLEAD_TRY(const crypto::PublicKey key, present.public_key());
  if (key.verify(kVoucherLabel, base::as_bytes(request.pem(KeyUse::identity)), request.voucher)) return {};
  return refuse("not_vouched", "the request is not signed by the key of the present certificate",
                "renew from the kit that logs in");
}

/// What the present certificate says, for the new key and another time.
base::Result<std::string> issue(const kit::Kit& server, const crypto::Identity& identity,
                                const Request& request, base::WallTime now, base::Random& random) {
  const kit::Kit::Credentials& issuer = *server.issuer();
  const crypto::Certificate& authority = issuer.chain.front();
  if (authority.not_after() <= now || !issuer.key)
    return refuse("issuer_expired", "the certificate of the issuing CA is over",
                  "ask who runs the project to provision the server again");
  config::ResolvedParticipant participant;
  participant.name = identity.name;
  participant.type = identity.type;
  participant.org = identity.org;
  participant.role = identity.role;
  const Validity validity = leaf_validity(identity.type, std::nullopt, authority, now);
  FAIRLEAD_TRY(const crypto::Certificate made,
               certify(identity_profile(identity.project, participant, validity),
                       request.pem(KeyUse::identity), authority, *issuer.key, random));
  FAIRLEAD_TRY(const fs::path state, server.state_dir());
  FAIRLEAD_TRY(append_to_ledger(state, {{identity.name, base::name(identity.type), made}}, now));
  return made.to_pem() + issuer.chain_pem;
}

std::string file_name(const Request& request) { return request.subject.name + ".zip"; }

/// Is this the approval of this very key?
bool approves(const std::vector<kit::ArchiveEntry>& entries, const Request& request) {
  const std::string file = kit::identity_files(request.subject.type).certificate;
  const kit::ArchiveEntry* entry = find_entry(entries, "startup/" + file);
  if (entry == nullptr) return false;
  const auto chain = crypto::read_pem_certificates(entry->content.expose());
  const auto certified =
      chain ? chain->front().public_key() : base::Result<crypto::PublicKey>(tl::unexpected(chain.error()));
  const auto asked = crypto::read_certificate_request(base::as_bytes(request.pem(KeyUse::identity)),
                                                      requested_identity(request.subject, KeyUse::identity));
  return certified && asked && base::equal(certified->spki(), asked->spki());
}

/// The bytes of the approval that an admin put there; nothing when there is none for this key.
std::optional<base::Bytes> approval_of(const fs::path& state, const Request& request) {
  const fs::path folder = state / "approved";
  std::error_code ignored;
  if (!fs::exists(folder / file_name(request), ignored)) return std::nullopt;
  const auto opened = kit::Folder::open(folder);
  if (!opened) return std::nullopt;
  auto content = opened->read(file_name(request), kLargestRenewalAnswer / 2 - 1024);
  if (!content) return std::nullopt;
  const auto entries = kit::read_archive(content->bytes, folder / file_name(request));
  if (!entries || !approves(*entries, request)) return std::nullopt;
  return std::move(content->bytes);
}

base::Status keep(const fs::path& state, const Request& request) {
  const fs::path folder = state / "requests";
  FAIRLEAD_TRY(kit::make_folders(folder));
  std::error_code error;
  const fs::path file = folder / file_name(request);
  const auto waiting = std::distance(fs::directory_iterator(folder, error), fs::directory_iterator());
  if (!fs::exists(file, error) && static_cast<size_t>(waiting) >= kMostWaitingRequests)
    return refuse("too_many_requests", "too many requests wait at the server",
                  "ask who runs the server to look into state/requests of its kit");
  return kit::write_archive(file, to_entries(request), kit::kKeyMode, kit::ExistingFile::replace);
}

}  // namespace

std::string renewal_question(const Request& request) {
  return Json::object({{"request", request.pem(KeyUse::identity)}, {"voucher", base::hex(request.voucher)}})
      .dump();
}

base::Result<std::string> answer_renewal(const kit::Kit& server, const crypto::Certificate& present,
                                         base::ByteView question, base::WallTime now, base::Random& random) {
  FAIRLEAD_TRY(const crypto::Identity identity, identity_of(server, present));
  FAIRLEAD_TRY(const Request request, read_question(question, identity));
  FAIRLEAD_TRY(check_voucher(request, present));
  if (server.issuer() != nullptr) {
    FAIRLEAD_TRY(std::string chain, issue(server, identity, request, now, random));
    return Json::object({{"status", "issued"}, {"chain", std::move(chain)}}).dump();
  }
  FAIRLEAD_TRY(const fs::path state, server.state_dir());
  if (const auto approval = approval_of(state, request))
    return Json::object({{"status", "approved"}, {"archive", base::hex(*approval)}}).dump();
  FAIRLEAD_TRY(keep(state, request));
  return Json::object({{"status", "pending"}}).dump();
}

base::Result<Renewal> take_renewal_answer(const kit::Kit& present, std::string_view answer) {
  const auto tree = Json::parse(answer);
  const std::string status = tree ? (*tree)["status"].text() : "";
  if (status == "pending") return Renewal{};
  if (status == "issued") {
    FAIRLEAD_TRY(const kit::Kit made, install_certificate((*tree)["chain"].text(), present));
    return Renewal{Renewal::State::installed, made.expires(), true};
  }
  const auto archive = tree ? base::from_hex((*tree)["archive"].text()) : std::nullopt;
  if (status != "approved" || !archive)
    return refuse("bad_answer", "the server's answer to the renewal cannot be read",
                  "compare the versions of both sides");
  FAIRLEAD_TRY(const kit::Kit made, install_approval(*archive, present));
  return Renewal{Renewal::State::installed, made.expires(), false};
}

}  // namespace fairlead::provision
