#include "kit/reference_settings.hpp"

#include <algorithm>
#include <array>

#include "config/host.hpp"
#include "config/resolve.hpp"
#include "crypto/chain.hpp"
#include "kit/defect.hpp"
#include "kit/manifest.hpp"
#include "kit/reference_fields.hpp"

namespace fairlead::kit {
namespace {

using base::ConnectionSecurity;
using base::ParticipantType;

/// The reference cuts the common name of a certificate there.
constexpr size_t kLongestCommonName = 64;
constexpr std::array<std::string_view, 4> kRoles = {"project_admin", "org_admin", "lead", "member"};

/// What all three files say, each in its own place.
struct Common {
  std::string project, name, server;
  std::string scheme;  ///< as written
  config::Value<ConnectionSecurity> security{ConnectionSecurity::mtls};
};

struct HostPort {
  std::string host;
  uint16_t port = 0;
};

/// Gives the value of a parser, or notes what it says and gives something empty.
template <class T>
T parsed(ReferenceFields& fields, std::string_view key, base::Result<T> result) {
  if (result) return std::move(*result);
  fields.wrong(key, result.error().text + (result.error().hint.empty() ? "" : ": " + result.error().hint));
  return T{};
}

void check_name(ReferenceFields& fields, std::string_view key, ParticipantType type,
                const std::string& name) {
  if (name.empty()) return;  // noted already
  if (const auto legal = base::check_participant_name(type, name); !legal)
    fields.wrong(key, legal.error().text);
}

/// "HOST:PORT" as the reference writes it: an IPv6 address has no brackets. The host is as it stands there.
HostPort target(ReferenceFields& fields) {
  const std::string text = fields.text("target");
  const size_t colon = text.rfind(':');
  if (text.empty()) return {};
  if (colon == std::string::npos || colon == 0) {
    fields.wrong("target", "\"" + text + "\" is not HOST:PORT");
    return {};
  }
  return {text.substr(0, colon), parsed(fields, "target", config::parse_port(text.substr(colon + 1)))};
}

/// Where to connect: without brackets.
std::string host(ReferenceFields& fields, std::string_view key, const std::string& text) {
  return text.empty() ? text : parsed(fields, key, config::parse_host(text));
}

std::string scheme(ReferenceFields& fields) {
  std::string text = fields.text("scheme");
  if (!text.empty() && text != "tcp" && !config::is_legacy_scheme(text))
    fields.wrong("scheme", "\"" + text + "\", expected grpc, tcp, stcp or http");
  return text;
}

/// Kits of before the setting existed have none; what they mean is mtls.
config::Value<ConnectionSecurity> security(ReferenceFields& fields, const std::string& at) {
  const std::string text = fields.optional_text("connection_security");
  if (text.empty()) return {ConnectionSecurity::mtls};
  return {parsed(fields, "connection_security", base::parse_connection_security(text)),
          config::Origin::participant, at};
}

/// Project names follow the rule of server names.
std::string project(ReferenceFields& fields, std::string_view key) {
  std::string name = fields.text(key);
  check_name(fields, key, ParticipantType::server, name);
  return name;
}

std::string cut(const std::string& name) { return name.substr(0, kLongestCommonName); }

/// The certificate's common name where the file gives one beside the participant's name.
std::string own_name(ReferenceFields& fields, std::string_view key, ParticipantType type) {
  std::string name = fields.text(key);
  const std::string other = fields.optional_text("auth_identity");
  const std::string_view from = other.empty() ? key : "auth_identity";
  if (!other.empty()) name = other;
  check_name(fields, from, type, name);
  return cut(name);
}

std::string server_name(ReferenceFields& fields, std::string_view key) {
  const std::string name = fields.text(key);
  check_name(fields, key, ParticipantType::server, name);
  return cut(name);
}

void credential_files(ReferenceFields& fields, std::string_view key, std::string_view certificate,
                      std::string_view root, ParticipantType type) {
  const CredentialFiles files = identity_files(type);
  fields.must_be(key, files.key);
  fields.must_be(certificate, files.certificate);
  fields.must_be(root, kRootFile);
}

std::vector<config::Listener> listeners(const Common& common, uint16_t port, uint16_t admin_port) {
  config::Listener all{"tcp", config::default_listen_host(), port, common.security.value,
                       config::Purpose::both};
  if (port == admin_port) return {all};
  config::Listener admins = all;
  all.purpose = config::Purpose::clients;
  admins.purpose = config::Purpose::admins;
  admins.port = admin_port;
  return {all, admins};
}

/// Without the project file nobody here knows how the server listens: a kit that connects by tls under a CA
/// of its own expects a proxy in between, any other one the same level at both ends.
base::MessageSecurity expected_message_security(ConnectionSecurity security) {
  return security == ConnectionSecurity::clear ? base::MessageSecurity::seal : base::MessageSecurity::mac;
}

/// Reads one file; the coordinator of the three kinds.
class Reader {
 public:
  Reader(const ReferenceKit& kit, const base::Json& tree, const std::filesystem::path& file)
      : kit_(kit), file_(file), at_(file.string() + ":1"), top_(tree, "", findings_) {}

  base::Result<ReferenceSettings> read() {
    // Of another format the fields say nothing.
    top_.must_be("format_version", kit_.format);
    if (findings_.wrong.empty()) read_fields();
    if (!findings_.wrong.empty()) return refuse();
    top_.finish();
    return ReferenceSettings{finished(), findings_.ignored, common_.scheme == "tcp" ? "" : common_.scheme};
  }

 private:
  void read_fields() {
    if (kit_.type == ParticipantType::server) return server();
    return kit_.type == ParticipantType::admin ? admin() : client();
  }

  void server() {
    top_.skip({"require_signed_jobs"});
    ReferenceFields one = top_.only_item("servers");
    common_.project = project(one, "name");
    ReferenceFields service = one.object("service");
    const HostPort place = target(service);
    common_.scheme = scheme(service);
    service.finish();
    common_.name = own_name(one, "admin_server", kit_.type);
    common_.server = common_.name;
    common_.security = security(one, at_);
    const uint16_t admin_port = one.port("admin_port");
    credential_files(one, "ssl_private_key", "ssl_cert", "ssl_root_cert", kit_.type);
    one.finish();
    participant_.listeners = listeners(common_, place.port, admin_port);
  }

  void client() {
    ReferenceFields one = top_.only_item("servers");
    common_.project = project(one, "name");
    common_.server = server_name(one, "identity");
    ReferenceFields service = one.object("service");
    HostPort place = target(service);
    place.host = host(service, "target", place.host);
    common_.scheme = scheme(service);
    service.finish();
    one.finish();
    ReferenceFields own = top_.object("client");
    common_.name = own_name(own, "fqsn", kit_.type);
    common_.security = security(own, at_);
    credential_files(own, "ssl_private_key", "ssl_cert", "ssl_root_cert", kit_.type);
    own.skip({"is_leaf"});
    own.finish();
    connect_to(place);
  }

  void admin() {
    ReferenceFields own = top_.object("admin");
    common_.project = project(own, "project_name");
    common_.name = own.text("username");
    check_name(own, "username", kit_.type, common_.name);
    common_.server = server_name(own, "server_identity");
    common_.scheme = scheme(own);
    const std::string to = host(own, "host", own.text("host"));
    common_.security = security(own, at_);
    credential_files(own, "client_key", "client_cert", "ca_cert", kit_.type);
    const uint16_t port = own.port("port");
    own.skip({"uid_source", "with_file_transfer", "upload_dir", "download_dir"});
    own.finish();
    connect_to({to, port});
  }

  void connect_to(const HostPort& place) {
    participant_.connect_to = {{"tcp", place.host, place.port}, config::Origin::participant, at_};
  }

  base::Result<ReferenceSettings> refuse() const {
    std::string all;
    for (const std::string& one : findings_.wrong) all += (all.empty() ? "" : ", ") + one;
    return defect("kit_bad_settings", file_, all);
  }

  ReadSettings finished() {
    participant_.name = common_.name;
    participant_.type = kit_.type;
    participant_.connection_security = common_.security;
    participant_.message_security = {base::MessageSecurity::automatic, config::Origin::automatic};
    participant_.expected_message_security = expected_message_security(common_.security.value);
    participant_.scheme = {"tcp", config::Origin::participant, at_};
    participant_.default_host.value = participant_.connect_to.value.host;
    return {settings(), participant_};
  }

  KitSettings settings() const {
    KitSettings out;
    out.project = common_.project;
    out.name = common_.name;
    out.type = kit_.type;
    out.connection_security = common_.security.value;
    out.server_name = common_.server;
    out.server_uri = crypto::identity_uri(common_.project, ParticipantType::server, common_.server);
    out.default_host = participant_.default_host.value;
    out.listeners = participant_.listeners;
    out.plugins = config::shipped_plugins();
    const config::Address& to = participant_.connect_to.value;
    if (kit_.type != ParticipantType::server)
      out.connect_to = Target{to.scheme, to.host, to.port, common_.security.value};
    return out;
  }

  const ReferenceKit& kit_;
  const std::filesystem::path& file_;
  std::string at_;
  FieldFindings findings_;
  ReferenceFields top_;
  Common common_;
  config::ResolvedParticipant participant_;
};

bool has_known_role(const crypto::Certificate& leaf) {
  return std::ranges::find(kRoles, leaf.unstructured_name()) != kRoles.end();
}

/// Empty when others take the participant for what its file says.
std::string type_problem(const KitSettings& settings, const crypto::Certificate& leaf) {
  if (settings.type == ParticipantType::admin)
    return has_known_role(leaf) ? ""
                                : "certificate has role \"" + leaf.unstructured_name() +
                                      "\", expected project_admin, org_admin, lead or member";
  if (has_known_role(leaf))
    return "certificate has role " + leaf.unstructured_name() + ": it is an administrator's";
  if (settings.type == ParticipantType::client && settings.name == settings.server_name)
    return "certificate is of " + settings.name + ", which is the server";
  return {};
}

}  // namespace

base::Result<ReferenceSettings> read_reference_settings(const ReferenceKit& kit, const base::Json& tree,
                                                        const std::filesystem::path& file) {
  return Reader(kit, tree, file).read();
}

base::Status add_certificate(ReadSettings& read, const crypto::Certificate& leaf,
                             const std::filesystem::path& file) {
  if (const std::string problem = type_problem(read.settings, leaf); !problem.empty())
    return defect("kit_wrong_identity", file, problem);
  read.settings.org = read.participant.org = leaf.organization();
  if (read.settings.type == ParticipantType::admin)
    read.settings.role = read.participant.role = leaf.unstructured_name();
  if (read.settings.type != ParticipantType::server) return {};
  std::vector<std::string> hosts = leaf.dns_names();
  for (std::string& address : leaf.ip_addresses()) hosts.push_back(std::move(address));
  const std::string at = file.string() + ":1";
  if (!hosts.empty()) {
    read.settings.default_host = hosts.front();
    read.participant.default_host = {hosts.front(), config::Origin::participant, at};
    hosts.erase(hosts.begin());
  }
  read.settings.host_names = hosts;
  read.participant.host_names = {std::move(hosts), config::Origin::participant, at};
  return {};
}

}  // namespace fairlead::kit
