#include <ostream>

#include "app/admin_commands.hpp"
#include "app/cert_request_commands.hpp"
#include "app/key_type.hpp"
#include "app/one_shot.hpp"
#include "provision/live_renewal.hpp"
#include "provision/site_request.hpp"

namespace fairlead::app {
namespace {

using base::Json;
using provision::Renewal;

base::Status check_renewable(const kit::Kit& kit) {
  if (kit.delegation() != nullptr)
    return base::fail(base::ErrorCode::bad_arguments,
                      kit.path().string() + " is delegated: it has no certificate of the project",
                      "let the site delegate again");
  if (kit.settings().type == base::ParticipantType::server)
    return base::fail(base::ErrorCode::bad_arguments, kit.path().string() + " is the server's kit",
                      "renew it with `fairlead provision`, or with `fairlead cert request` at the server");
  return {};
}

/// The request for the new key; one that waits for an admin goes on.
base::Result<provision::PendingRequest> pending_request(const CertRenewArguments& arguments,
                                                        const kit::Kit& kit) {
  const kit::KitSettings& settings = kit.settings();
  provision::SiteOrder order;
  order.subject = {settings.project, settings.name, settings.type};
  order.kit = kit.path();
  order.present = &kit;
  if (arguments.keep_key) order.key = provision::SiteOrder::Key::present;
  FAIRLEAD_TRY(order.key_type, key_type(arguments.key_type));
  return provision::request_certificate(order);
}

base::Result<std::string> ask(const CertRenewArguments& arguments, const CommonArguments& common,
                              const provision::Request& request) {
  FAIRLEAD_TRY(OneShot session, OneShot::open(arguments.node, common));
  Outgoing message{.to = "server", .topic = std::string(provision::kRenewTopic)};
  message.payload = base::to_bytes(provision::renewal_question(request));
  FAIRLEAD_TRY(const Message reply, session.request(std::move(message)));
  if (reply.size() > provision::kLargestRenewalAnswer)
    return base::fail(base::ErrorCode::failed, "the server's answer is too large",
                      "compare both sides' versions");
  return reply.text();
}

void tell(const Renewal& renewal, const kit::Kit& kit, const Output& output) {
  const std::string path = kit.path().string();
  if (renewal.state == Renewal::State::pending)
    output.err << "the request waits at the server: an admin approves state/requests/" << kit.settings().name
               << ".zip of its kit with `fairlead cert approve` and puts the answer into state/approved/\n"
               << "then run this command again; until then " << path << " stays as it is\n";
  else
    output.err << path << " has a new certificate, until "
               << time_text(renewal.expires.time_since_epoch().count())
               << " UTC\na running node takes it with SIGHUP\n";
  output.err << std::flush;
}

base::Result<Json> renew(const CertRenewArguments& arguments, const CommonArguments& common,
                         const Output& output) {
  FAIRLEAD_TRY(const kit::Kit kit, kit::Kit::open(arguments.node.kit, kit::VersionMemory::only_check));
  FAIRLEAD_TRY(check_renewable(kit));
  FAIRLEAD_TRY(const provision::PendingRequest pending, pending_request(arguments, kit));
  FAIRLEAD_TRY(const std::string answer, ask(arguments, common, pending.request));
  FAIRLEAD_TRY(const Renewal renewal, provision::take_renewal_answer(kit, answer));
  tell(renewal, kit, output);
  const bool installed = renewal.state == Renewal::State::installed;
  Json data = Json::object({{"name", kit.settings().name},
                            {"kit", kit.path().string()},
                            {"status", installed ? "installed" : "pending"}});
  if (installed)
    data.set("expires_ms", int64_t{renewal.expires.time_since_epoch().count()})
        .set("by_issuing_ca", renewal.by_issuing_ca);
  return data;
}

}  // namespace

int run_cert_renew(const CertRenewArguments& arguments, const CommonArguments& common, const Output& output) {
  base::Result<Json> data = renew(arguments, common, output);
  return data ? succeed(std::move(*data), output) : report(data.error(), output);
}

}  // namespace fairlead::app
