#include "provision/approve.hpp"

#include <system_error>

#include "kit/durable.hpp"
#include "provision/draft.hpp"
#include "provision/issue.hpp"
#include "provision/kit_entries.hpp"
#include "provision/kit_writer.hpp"
#include "provision/ledger.hpp"
#include "provision/project_copy.hpp"
#include "provision/refuse.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;

base::Status check_options(const ApproveOptions& options) {
  if (options.days && (options.days->count() < 1 || options.days->count() > 3650))
    return base::fail(base::ErrorCode::bad_arguments,
                      "--days " + std::to_string(options.days->count()) + " is out of range",
                      "use 1 to 3650");
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(options.output, ignored)))
    return refuse("file_exists", options.output.string() + " is there already", "name another file");
  return {};
}

/// The project of the request, as this workspace has it.
struct Project {
  Workspace workspace;
  crypto::Certificate root;
  ProjectCopy copy;
};

base::Result<Project> open_project(const ApproveOptions& options, const Subject& subject) {
  const Workspace workspace(options.workspace, subject.project);
  FAIRLEAD_TRY(const auto root, read_root(workspace.state()));
  if (!root)
    return refuse(
        "request_wrong_project",
        "the request is for project " + subject.project + ", which is not in " + options.workspace.string(),
        "name the workspace of that project with -w");
  FAIRLEAD_TRY(ProjectCopy copy, read_project_copy(workspace.state()));
  return Project{workspace, *root, std::move(copy)};
}

base::Result<const CopiedParticipant*> participant_of(const Project& project, const Subject& subject) {
  const CopiedParticipant* found = project.copy.find(subject.name);
  if (found == nullptr)
    return refuse("request_unknown_name",
                  "project " + subject.project + " has no participant " + subject.name,
                  "add it to the project file with key_custody: site and provision, or refuse the site");
  if (found->participant.type != subject.type)
    return refuse("request_wrong_type",
                  subject.name + " is asked for as " + base::name(subject.type) + ", the project has it as " +
                      base::name(found->participant.type),
                  "let the site ask again with the right --type");
  if (uses_curve(found->participant))
    return refuse("request_without_curve",
                  subject.name + " connects by zmq, and a request carries no CURVE key for it",
                  "let `fairlead provision` make its kit, or let it use tcp");
  return found;
}

/// Is the request for the keys that the prior kit certifies?
base::Result<bool> asks_for_same_keys(const Request& request, const kit::Kit& prior) {
  for (const RequestedKey& asked : request.keys) {
    const bool identity = asked.use == KeyUse::identity;
    if (!identity && prior.token_certificate() == nullptr) return false;
    const crypto::Certificate& certificate = identity ? prior.leaf() : *prior.token_certificate();
    FAIRLEAD_TRY(const crypto::PublicKey had, certificate.public_key());
    FAIRLEAD_TRY(const crypto::PublicKey key,
                 crypto::read_certificate_request(base::as_bytes(asked.pem),
                                                  requested_identity(request.subject, asked.use)));
    if (!base::equal(had.spki(), key.spki())) return false;
  }
  return true;
}

/// Did whoever has the present key ask?
bool is_vouched_for(const Request& request, const kit::Kit& prior) {
  const auto present = prior.leaf().public_key();
  return !request.voucher.empty() && present &&
         present->verify(kVoucherLabel, base::as_bytes(request.pem(KeyUse::identity)), request.voucher);
}

/// The kit to make, and how its keys relate to those that were certified before.
struct Planned {
  PlannedKit kit;
  bool same_keys = false;

  /// The answer is there already: only its archive was lost.
  bool is_repeated() const { return same_keys && kit.request->voucher.empty() && !kit.prior->has_keys(); }
};

base::Result<Planned> plan(const Project& project, const CopiedParticipant& participant,
                           const Request& request, const Workspace::Releases& releases) {
  Planned planned;
  planned.kit.participant = &participant.participant;
  planned.kit.settings = participant.settings;
  planned.kit.custom_ca_pem = participant.custom_ca_pem;
  planned.kit.request = &request;
  const Subject& subject = request.subject;
  if (const auto found = releases.newest.find(subject.name); found != releases.newest.end()) {
    FAIRLEAD_TRY(planned.kit.prior, open_prior(found->second, &project.root, subject.name, subject.type));
  }
  if (!planned.kit.prior) return planned;
  FAIRLEAD_TRY(planned.same_keys, asks_for_same_keys(request, *planned.kit.prior));
  return planned;
}

/// Another key takes over only from its predecessor, from a key that the project file takes away, or because
/// the admin says so.
base::Status check_keys(const Planned& planned, OtherKey other_key) {
  const std::optional<kit::Kit>& prior = planned.kit.prior;
  if (!prior || planned.same_keys || other_key == OtherKey::replaced) return {};
  const config::ResolvedParticipant& participant = *planned.kit.participant;
  if (participant.key_custody.value == config::KeyCustody::site && prior->has_keys()) return {};
  if (is_vouched_for(*planned.kit.request, *prior)) return {};
  return refuse("request_other_key", participant.name + " has a certificate for another key",
                "make sure that the site itself asks for a new one, then use --replace");
}

/// A key whose certificate was revoked is never certified again, and cannot vouch for its successor.
base::Status check_not_revoked(const Project& project, const Planned& planned) {
  const PlannedKit& kit = planned.kit;
  FAIRLEAD_TRY(const Ledger ledger, read_ledger(project.workspace.state()));
  if (!kit.prior || !ledger.is_revoked(kit.prior->leaf())) return {};
  if (!planned.same_keys && kit.request->voucher.empty()) return {};
  return refuse("request_revoked_key", "the certificate of " + kit.participant->name + " was revoked",
                "let the site make a new key with `fairlead cert request`");
}

/// Writes prod_NN with the one kit and gives it its place.
base::Result<fs::path> issue_kit(const Project& project, const PlannedKit& planned, unsigned release,
                                 const ApproveOptions& options, const Authority& authority,
                                 base::WallTime now, base::Random& random) {
  const std::string& name = planned.participant->name;
  ProvisionOptions how;
  how.days = options.days;
  FAIRLEAD_TRY(const KitCredentials credentials,
               credentials_for(planned, planned.request->subject.project, authority, how, now, random));
  const std::string kit_id = planned.prior ? planned.prior->settings().kit_id : base::hex(random.bytes<16>());
  FAIRLEAD_TRY(Draft draft, Draft::make(project.workspace));
  FAIRLEAD_TRY(write_kit(draft.path() / name, planned, credentials, {}, authority, project.copy.plugins,
                         kit_id, release + 1));
  FAIRLEAD_TRY(append_to_ledger(project.workspace.state(), issued_entries(planned, credentials), now));
  const fs::path made = project.workspace.release(release);
  FAIRLEAD_TRY(draft.publish(made));
  return made / name;
}

base::Status pack(Approval& approval, const fs::path& output) {
  FAIRLEAD_TRY(const auto entries, keyless_entries(approval.kit));
  FAIRLEAD_TRY(kit::write_archive(output, entries, kit::kFileMode));
  FAIRLEAD_TRY(const kit::Kit made, kit::Kit::open_issued(approval.kit));
  approval.expires = made.expires();
  return {};
}

}  // namespace

base::Result<Approval> approve(const ApproveOptions& options, const base::Clock& clock,
                               base::Random& random) {
  FAIRLEAD_TRY(check_options(options));
  FAIRLEAD_TRY(const Request request, read_request(options.request));
  const Subject& subject = request.subject;
  FAIRLEAD_TRY(const Project project, open_project(options, subject));
  FAIRLEAD_TRY(const kit::Descriptor lock, project.workspace.lock());
  FAIRLEAD_TRY(const Workspace::Releases releases, project.workspace.releases());
  FAIRLEAD_TRY(const CopiedParticipant* participant, participant_of(project, subject));
  FAIRLEAD_TRY(const Planned planned, plan(project, *participant, request, releases));
  FAIRLEAD_TRY(check_keys(planned, options.other_key));
  FAIRLEAD_TRY(check_not_revoked(project, planned));

  Approval approval{subject, {}, base::hex(project.root.sha256()), {}, !planned.is_repeated(), {}};
  if (planned.is_repeated()) {
    approval.kit = planned.kit.prior->path();
  } else {
    FAIRLEAD_TRY(const Authority authority,
                 open_authority(project.workspace.state(), project.root, options.passphrase));
    if (!authority.encrypted) approval.warnings.push_back(unencrypted_warning(project.workspace.state()));
    FAIRLEAD_TRY(approval.kit,
                 issue_kit(project, planned.kit, releases.next, options, authority, clock.wall(), random));
  }
  FAIRLEAD_TRY(pack(approval, options.output));
  return approval;
}

}  // namespace fairlead::provision
