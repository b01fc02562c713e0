#include "support/reference_kit.hpp"

#include <system_error>

#include "base/assert.hpp"
#include "crypto/certificate.hpp"
#include "support/revocation_list.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr unsigned kFile = 0644, kFolder = 0755, kScript = 0755, kKey = 0600;
constexpr size_t kLongestCommonName = 64;
const std::string kOrg = "example";

void put(const fs::path& file, std::string_view content, unsigned mode = kFile) {
  write_text(file, content);
  set_mode(file, mode);
}

void make_folders(const fs::path& kit) {
  for (const fs::path& folder : {kit, kit / "startup", kit / "local", kit / "transfer"}) {
    std::error_code error;
    fs::create_directories(folder, error);
    FAIRLEAD_ASSERT(!error);
    set_mode(folder, kFolder);
  }
}

std::string subject_name(const std::string& host) {
  const bool numeric = host.find_first_not_of("0123456789.") == std::string::npos;
  return (numeric || host.find(':') != std::string::npos ? "IP:" : "DNS:") + host;
}

Json service(const std::string& host, uint16_t port, const std::string& scheme) {
  return Json::object({{"target", host + ":" + std::to_string(port)}, {"scheme", scheme}});
}

Json signatures(const fs::path& folder) {
  Json all = Json::object();
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    all.set(entry.path().filename().string(), "c2lnbmF0dXJl");
  return all;
}

}  // namespace

void set_mode(const fs::path& path, unsigned mode) {
  std::error_code error;
  fs::permissions(path, static_cast<fs::perms>(mode), error);
  FAIRLEAD_ASSERT(!error);
}

void edit(const fs::path& file, std::string_view what, std::string_view with) {
  std::string text = read_text(file);
  const size_t at = text.find(what);
  FAIRLEAD_ASSERT(at != std::string::npos);
  text.replace(at, what.size(), with);
  write_text(file, text);
}

ReferenceProject::ReferenceProject(ReferencePlan plan)
    : plan_(std::move(plan)),
      kits_(folder_.path() / plan_.project / "prod_00"),
      root_key_(plan_.root_key_pem.empty() ? reference_key(plan_.first_key) : read_key(plan_.root_key_pem)),
      root_(plan_.root_pem.empty()
                ? reference_root({.common_name = plan_.project, .names = {"DNS:" + plan_.project}}, root_key_)
                : read_certificate(plan_.root_pem)) {
  int key = plan_.first_key + 1;
  write_server();
  for (const std::string& site : plan_.sites) write_site(site, ++key);
  for (const auto& [name, role] : plan_.admins) write_admin(name, role, ++key);
  if (!plan_.relay.empty()) write_relay(++key);
}

std::vector<std::string> ReferenceProject::server_names() const {
  std::vector<std::string> names = {
      subject_name(plan_.default_host.empty() ? plan_.server : plan_.default_host)};
  for (const std::string& host : plan_.host_names) names.push_back(subject_name(host));
  return names;
}

void ReferenceProject::write_credentials(const std::string& name, const std::string& files,
                                         const ReferenceCertificate& about, const OwnedKey& key) const {
  const fs::path startup = kit(name) / "startup";
  put(startup / (files + ".crt"), certificate_pem(reference_leaf(about, key, root_, root_key_)));
  put(startup / (files + ".key"), pkcs1_pem(key), kKey);
}

void ReferenceProject::replace_certificate(const std::string& participant, const std::string& files,
                                           const ReferenceCertificate& about) const {
  write_credentials(participant, files, about, reference_key(plan_.first_key + 90));
}

void ReferenceProject::write_startup(const std::string& name, const std::string& file,
                                     const Json& content) const {
  const fs::path startup = kit(name) / "startup";
  make_folders(kit(name));
  put(startup / file, content.dump(2));
  put(startup / "rootCA.pem", certificate_pem(root_));
  const bool is_admin = file == "fed_admin.json";
  for (const char* script : {"start.sh", "sub_start.sh", "stop_fl.sh"})
    if (!is_admin) put(startup / script, "#!/usr/bin/env bash\n", kScript);
  if (is_admin) {
    put(startup / "fl_admin.sh", "#!/usr/bin/env bash\n", kScript);
    put(startup / "readme.txt", "admin\n");
    put(startup / "system_info.ipynb", "{}\n");
  } else if (!plan_.custom_ca.empty()) {
    put(startup / "customRootCA.pem", plan_.custom_ca);
  }
}

void ReferenceProject::write_local(const std::string& name, const std::string& kind) const {
  const fs::path local = kit(name) / "local";
  put(kit(name) / "readme.txt", kind + "\n");
  for (const char* file : {"authorization.json.default", "log_config.json.default", "privacy.json.sample",
                           "resources.json.default"})
    put(local / file, "{\"format_version\": 1}\n");
  put(local / "comm_config.json", "{\"allow_adhoc_conns\": false, \"backbone_conn_gen\": 2}\n");
  if (!plan_.has_signatures) return;
  for (const fs::path& folder : {kit(name) / "startup", local})
    put(folder / "signature.json", signatures(folder).dump());
}

void ReferenceProject::write_server() {
  Json one = Json::object({{"name", plan_.project},
                           {"service", service(plan_.server, plan_.port, plan_.scheme)},
                           {"admin_server", plan_.server},
                           {"admin_port", uint32_t{plan_.admin_port}},
                           {"ssl_private_key", "server.key"},
                           {"ssl_cert", "server.crt"},
                           {"ssl_root_cert", "rootCA.pem"},
                           {"connection_security", plan_.server_security.empty() ? plan_.connection_security
                                                                                 : plan_.server_security}});
  write_startup(plan_.server, "fed_server.json",
                Json::object({{"format_version", 2}, {"servers", Json::array({std::move(one)})}}));
  write_credentials(plan_.server, "server",
                    {.common_name = plan_.server.substr(0, kLongestCommonName),
                     .org = kOrg,
                     .names = server_names(),
                     .more = plan_.server_usage},
                    reference_key(plan_.first_key + 1));
  write_local(plan_.server, "server");
}

void ReferenceProject::write_site(const std::string& name, int key) {
  Json server = Json::object({{"name", plan_.project},
                              {"service", service(plan_.connect_to, plan_.port, plan_.scheme)},
                              {"identity", plan_.server}});
  Json client = Json::object({{"ssl_private_key", "client.key"},
                              {"ssl_cert", "client.crt"},
                              {"ssl_root_cert", "rootCA.pem"},
                              {"fqsn", name},
                              {"is_leaf", true},
                              {"connection_security", plan_.connection_security}});
  write_startup(name, "fed_client.json",
                Json::object({{"format_version", 2},
                              {"servers", Json::array({std::move(server)})},
                              {"client", std::move(client)}}));
  write_credentials(name, "client", {.common_name = name, .org = kOrg, .names = {"DNS:" + name}},
                    reference_key(key));
  write_local(name, "client");
  if (!plan_.relay.empty())
    put(kit(name) / "local" / "relay__resources.json", "{\"format_version\": 2, \"relay_config\": {}}\n");
}

void ReferenceProject::write_admin(const std::string& name, const std::string& role, int key) {
  Json admin = Json::object({{"project_name", plan_.project},
                             {"username", name},
                             {"server_identity", plan_.server},
                             {"scheme", plan_.scheme},
                             {"host", plan_.connect_to},
                             {"port", uint32_t{plan_.admin_port}},
                             {"connection_security", plan_.connection_security},
                             {"uid_source", "user_input"},
                             {"with_file_transfer", true},
                             {"upload_dir", "transfer"},
                             {"download_dir", "transfer"},
                             {"client_key", "client.key"},
                             {"client_cert", "client.crt"},
                             {"ca_cert", "rootCA.pem"}});
  write_startup(name, "fed_admin.json", Json::object({{"format_version", 1}, {"admin", std::move(admin)}}));
  write_credentials(name, "client",
                    {.common_name = name, .org = kOrg, .role = role, .names = {"DNS:" + name}},
                    reference_key(key));
  put(kit(name) / "local" / "resources.json.default", "{\"format_version\": 1}\n");
}

void ReferenceProject::write_relay(int key) {
  Json to = Json::object({{"scheme", plan_.scheme},
                          {"identity", plan_.server},
                          {"address", plan_.server + ":" + std::to_string(plan_.port)},
                          {"fqcn", "server"},
                          {"connection_security", "None"}});
  write_startup(plan_.relay, "fed_relay.json",
                Json::object({{"format_version", 2},
                              {"project_name", plan_.project},
                              {"identity", plan_.relay},
                              {"server_identity", plan_.server},
                              {"connect_to", std::move(to)}}));
  for (const char* files : {"client", "server"})
    write_credentials(plan_.relay, files,
                      {.common_name = plan_.relay, .org = kOrg, .names = {"DNS:" + plan_.relay}},
                      reference_key(key));
}

std::string ReferenceProject::list(long number, const std::vector<std::string>& revoked) const {
  const auto read = [](const std::string& pem) {
    auto found = crypto::read_pem_certificates(base::as_bytes(pem));
    FAIRLEAD_ASSERT(found.has_value());
    return found->front();
  };
  const auto key = crypto::PrivateKey::from_pem(base::as_bytes(pkcs1_pem(root_key_)));
  FAIRLEAD_ASSERT(key.has_value());
  ListProfile profile{.number = number};
  profile.this_update = base::SystemClock().wall() - std::chrono::hours(1);
  profile.next_update = profile.this_update + std::chrono::hours(24);
  for (const std::string& name : revoked)
    profile.revoked.push_back(read(read_text(kit(name) / "startup/client.crt")));
  return pem_revocation_list(read(certificate_pem(root_)), *key, profile);
}

}  // namespace fairlead::support
