#include "provision/provision.hpp"

#include <algorithm>
#include <utility>

#include "kit/durable.hpp"
#include "provision/curve.hpp"
#include "provision/draft.hpp"
#include "provision/inputs.hpp"
#include "provision/kit_writer.hpp"
#include "provision/ledger.hpp"
#include "provision/plan.hpp"
#include "provision/project_copy.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;

/// What one run needs at every step.
struct Run {
  const config::ResolvedProject& project;
  const ProvisionOptions& options;
  const Workspace& workspace;
  base::WallTime now;
  base::Random& random;
};

KitReport report_of(const PlannedKit& planned, const fs::path& release) {
  KitReport report;
  report.name = planned.participant->name;
  report.type = planned.participant->type;
  report.org = planned.participant->org;
  report.change = planned.change;
  report.why = planned.why;
  if (is_written(planned.change))
    report.path = release / report.name;
  else if (planned.prior)
    report.path = planned.prior->path();
  if (planned.prior) report.expires = planned.prior->expires();
  return report;
}

ProvisionReport report_of(const Run& run, const Plan& plan, const crypto::Certificate* root) {
  const fs::path release = run.workspace.release(plan.release);
  ProvisionReport report;
  report.project = run.project.name;
  if (root != nullptr) report.root_sha256 = base::hex(root->sha256());
  if (plan.to_write() > 0) report.made = release;
  for (const PlannedKit& planned : plan.kits) report.kits.push_back(report_of(planned, release));
  report.warnings = plan.warnings;
  return report;
}

/// Beside the kit: whoever runs the server copies it there, so that a new participant changes no other kit.
base::Status write_statement(const Run& run, const Plan& plan, const CurveKeys& curve, const fs::path& draft,
                             KitReport& report) {
  const base::Bytes statement = curve.statement(report.name);
  if (statement.empty()) return {};
  const std::string file = report.name + kit::kStatementEnding;
  report.statement = run.workspace.release(plan.release) / file;
  return kit::write_new_file(draft / file, statement, kit::kFileMode);
}

/// Writes all new and changed kits below `draft` and notes what was issued.
base::Status write_kits(const Run& run, const Plan& plan, const Authority& authority, const fs::path& draft,
                        ProvisionReport& report, std::vector<LedgerEntry>& ledger) {
  FAIRLEAD_TRY(const CurveKeys curve, CurveKeys::make(plan.kits, run.project.name, authority, run.now));
  size_t done = 0;
  for (size_t i = 0; i < plan.kits.size(); ++i) {
    const PlannedKit& planned = plan.kits[i];
    if (!is_written(planned.change)) continue;
    FAIRLEAD_TRY(const KitCredentials credentials,
                 credentials_for(planned, run.project.name, authority, run.options, run.now, run.random));
    const std::string kit_id =
        planned.prior ? planned.prior->settings().kit_id : base::hex(run.random.bytes<16>());
    FAIRLEAD_TRY(write_kit(draft / planned.participant->name, planned, credentials,
                           curve.of(*planned.participant), authority, plan.plugins, kit_id,
                           plan.release + 1));
    FAIRLEAD_TRY(write_statement(run, plan, curve, draft, report.kits[i]));
    for (LedgerEntry& entry : issued_entries(planned, credentials)) ledger.push_back(std::move(entry));
    report.kits[i].expires = std::min(earliest_end(credentials), authority.root.not_after());
    if (run.options.progress) run.options.progress(++done, plan.to_write());
  }
  return {};
}

/// Everything after the plan: root key, kits, ledger, and the rename that makes them visible.
base::Status execute(const Run& run, const Plan& plan, const std::optional<crypto::Certificate>& root,
                     ProvisionReport& report) {
  const fs::path state = run.workspace.state();
  if (root && plan.to_write() == 0) return keep_project_copy(state, plan);
  FAIRLEAD_TRY(const Authority authority,
               root ? open_authority(state, *root, run.options.passphrase)
                    : make_authority(state, run.project.name, run.options, run.now, run.random));
  report.root_sha256 = base::hex(authority.root.sha256());
  if (!authority.encrypted) report.warnings.push_back(unencrypted_warning(state));
  FAIRLEAD_TRY(keep_project_copy(state, plan));
  if (plan.to_write() == 0) return {};
  FAIRLEAD_TRY(Draft draft, Draft::make(run.workspace));
  std::vector<LedgerEntry> ledger;
  FAIRLEAD_TRY(write_kits(run, plan, authority, draft.path(), report, ledger));
  // The ledger first: after a crash it may list a certificate that nobody has, never the other way round.
  FAIRLEAD_TRY(append_to_ledger(state, ledger, run.now));
  return draft.publish(run.workspace.release(plan.release));
}

}  // namespace

bool uses_curve(const config::ResolvedParticipant& participant) {
  constexpr std::string_view kScheme = "zmq";
  if (participant.type != base::ParticipantType::server)
    return participant.connect_to.value.scheme == kScheme;
  return std::ranges::any_of(participant.listeners,
                             [&](const config::Listener& listener) { return listener.scheme == kScheme; });
}

const char* name(KitChange change) noexcept {
  switch (change) {
    case KitChange::created:
      return "created";
    case KitChange::changed:
      return "changed";
    case KitChange::kept:
      return "kept";
    case KitChange::awaits_request:
      return "awaits its request";
  }
  return "kept";
}

base::Result<ProvisionReport> provision(const config::ResolvedProject& project,
                                        const ProvisionOptions& options, const base::Clock& clock,
                                        base::Random& random) {
  if (options.days && (options.days->count() < 1 || options.days->count() > 3650))
    return base::fail(base::ErrorCode::bad_arguments,
                      "--days " + std::to_string(options.days->count()) + " is out of range",
                      "use 1 to 3650");
  FAIRLEAD_TRY(check_names(project));
  const Workspace workspace(options.workspace, project.name);
  FAIRLEAD_TRY(workspace.check());
  kit::Descriptor lock;
  if (options.mode == RunMode::write) {
    FAIRLEAD_TRY(lock, workspace.lock());
  }

  const Run run{project, options, workspace, clock.wall(), random};
  FAIRLEAD_TRY(const auto root, read_root(workspace.state()));
  FAIRLEAD_TRY(const Plan plan, make_plan(project, options, workspace, root ? &*root : nullptr, run.now));
  ProvisionReport report = report_of(run, plan, root ? &*root : nullptr);
  if (options.mode == RunMode::dry_run) return report;
  FAIRLEAD_TRY(execute(run, plan, root, report));
  return report;
}

}  // namespace fairlead::provision
