#include "integration/given_deployment.hpp"

#include <csignal>

#include "base/assert.hpp"
#include "build_paths.hpp"
#include "support/revocation_list.hpp"

namespace fairlead::integration {
namespace {

void append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

/// One line; behind a place in a file may stand that file's line and a caret, indented.
void expect_one_line(const std::string& text, bool has_place) {
  for (size_t end = text.find('\n'); end != text.size() - 1; end = text.find('\n', end + 1)) {
    ASSERT_NE(end, std::string::npos) << text;
    EXPECT_TRUE(has_place && text.compare(end + 1, 4, "    ") == 0) << text;
  }
}

}  // namespace

fs::path program() { return fs::path(FAIRLEAD_BINARY_DIR) / "bin" / "fairlead"; }

std::string tool(const std::string& name) {
  for (const char* folder : {"/usr/bin/", "/usr/sbin/"})
    if (fs::exists(folder + name)) return folder + name;
  ADD_FAILURE() << name << " is not installed; scripts/install-deps installs it";
  return "/bin/false";
}

Finished fairlead(Words arguments, const RunningProcess::Options& options) {
  arguments.insert(arguments.begin(), program().string());
  return RunningProcess(arguments, options).finish();
}

std::unique_ptr<RunningProcess> start_fairlead(Words arguments) {
  arguments.insert(arguments.begin(), program().string());
  return std::make_unique<RunningProcess>(arguments);
}

Words at_other_time(const std::string& offset, Words arguments) {
  EXPECT_NE(tool("faketime"), "/bin/false");
  arguments.insert(
      arguments.begin(),
      {tool("env"), "LD_PRELOAD=/usr/$LIB/faketime/libfaketimeMT.so.1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
       "ASAN_OPTIONS=verify_asan_link_order=0", "FAKETIME=" + offset, program().string()});
  return arguments;
}

base::Json read_json(RunningProcess& process) {
  const auto line = process.read_line();
  if (!line) return {};
  auto parsed = base::Json::parse(*line);
  return parsed ? std::move(*parsed) : base::Json();
}

base::Json data_of(const Finished& finished) {
  EXPECT_EQ(finished.code, 0) << finished.err;
  const auto parsed = base::Json::parse(finished.out);
  EXPECT_TRUE(parsed.has_value()) << finished.out;
  return parsed ? (*parsed)["data"] : base::Json();
}

std::string project_of(const std::string& way) {
  const std::string of_site = way == "exec" ? ", scheme: exec" : "";
  return "api_version: 3\nname: works\n" + connection_of(way) +
         "participants:\n"
         "- {name: server, type: server, org: o, fed_learn_port: 8002, host_names: [localhost, 127.0.0.1]}\n"
         "- {name: site-1, type: client, org: o, connect_to: 127.0.0.1" +
         of_site + "}\n- {name: site-2, type: client, org: o, connect_to: 127.0.0.1" + of_site + "}\n";
}

void expect_refused(const Finished& finished, int code, const std::string& text) {
  EXPECT_EQ(finished.code, code) << finished.err;
  EXPECT_EQ(finished.out, "");
  const bool has_place = finished.err.starts_with('/') && finished.err.find(": ") != std::string::npos;
  EXPECT_TRUE(has_place || finished.err.starts_with("fairlead: ")) << finished.err;
  expect_one_line(finished.err, has_place);
  EXPECT_NE(finished.err.find(text), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("; "), std::string::npos) << "no hint: " << finished.err;
  EXPECT_EQ(finished.err.find("PRIVATE KEY"), std::string::npos);
}

GivenDeployment::GivenDeployment(const std::string& project, const Words& provision_options)
    : kits_(provision(project, provision_options)) {
  set_transport_up(project);
}

void GivenDeployment::set_transport_up(const std::string& project) {
  std::string options;
  if (project.find("scheme: unix") != std::string::npos) {
    scheme_ = "unix";
    options = "transports: {unix: {directory: \"" + folder_.path().string() + "\"}}\n";
  } else if (project.find("scheme: exec") != std::string::npos) {
    scheme_ = "exec";
    options = "transports: {exec: {command: \"" + tool("socat") + " - TCP:%h:%p 2>/dev/null\"}}\n";
  } else {
    return;
  }
  for (const auto& one : fs::directory_iterator(kits_))
    if (one.is_directory() && (scheme_ == "unix" || one.path().filename() != "server"))
      support::write_text(one.path() / "local" / "fairlead.yml", options);
}

fs::path GivenDeployment::provision(const std::string& project, const Words& options) {
  support::write_text(folder_.path() / "project.yml", project);
  Words arguments{"provision",
                  (folder_.path() / "project.yml").string(),
                  "-w",
                  (folder_.path() / "w").string(),
                  "--no-passphrase",
                  "--json"};
  append(arguments, options);
  return data_of(fairlead(arguments))["made"].text();
}

fs::path GivenDeployment::provision_again(const std::string& project) { return provision(project, {}); }

void GivenDeployment::replace_startup(const std::string& participant, const fs::path& from) const {
  const fs::path startup = kit(participant) / "startup", fresh = kit(participant) / "startup.new";
  fs::remove_all(fresh);
  fs::copy(from / "startup", fresh, fs::copy_options::recursive);
  fs::remove_all(startup);
  fs::rename(fresh, startup);
}

void GivenDeployment::put_list(const std::string& participant, const std::string& content) const {
  const fs::path beside = kit(participant) / "local" / "crl.new";
  support::write_text(beside, content);
  fs::rename(beside, kit(participant) / "local" / "crl.pem");
}

std::string GivenDeployment::list(long number, const std::vector<fs::path>& revoked_kits,
                                  std::chrono::minutes life) const {
  return support::project_revocation_list(workspace(), number, revoked_kits, life);
}

void GivenDeployment::start_server(const Words& more) {
  Words arguments{"server",
                  "-k",
                  kit("server").string(),
                  "--set",
                  "listen.port=" + port_,
                  "--set",
                  "listen.host=127.0.0.1"};
  append(arguments, more);
  server_ = start_fairlead(arguments);
  const base::Json ready = read_json(*server_);
  EXPECT_EQ(ready["event"].text(), "ready") << server_->errors();
  if (ready["listeners"].items().empty()) return;
  const std::string address = ready["listeners"].items().front().text();
  port_ = address.substr(address.rfind(':') + 1);
  if (scheme_ != "exec") scheme_ = address.substr(0, address.find(':'));
}

void GivenDeployment::restart_server(const Words& more) {
  server_->signal(SIGKILL);
  EXPECT_EQ(server_->finish().code, 128 + SIGKILL);
  start_server(more);
}

base::Json GivenDeployment::stop_server() {
  server_->signal(SIGTERM);
  base::Json stopped = read_json(*server_);
  const Finished finished = server_->finish();
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(stopped["event"].text(), "stopped") << finished.err;
  return stopped;
}

Words GivenDeployment::site(const std::string& name, const std::string& host) const {
  return {"-k", kit(name).string(), "--set", "connect_to=" + scheme_ + "://" + host + ":" + port_};
}

Finished GivenDeployment::run(const std::string& command, const std::string& name, const Words& more) const {
  Words arguments{command};
  append(arguments, site(name));
  append(arguments, more);
  return fairlead(arguments);
}

std::unique_ptr<RunningProcess> GivenDeployment::start_client(const std::string& name,
                                                              const Words& more) const {
  Words arguments{"client"};
  append(arguments, site(name));
  append(arguments, more);
  auto client = start_fairlead(arguments);
  EXPECT_EQ(read_json(*client)["event"].text(), "ready") << client->errors();
  return client;
}

std::unique_ptr<RunningProcess> GivenDeployment::start_listener(const std::string& name,
                                                                const std::string& topic,
                                                                const Words& more) const {
  Words arguments{"listen", "--topic", topic, "--jsonl"};
  append(arguments, site(name));
  append(arguments, more);
  auto listener = start_fairlead(arguments);
  EXPECT_TRUE(listener->wait_for_error("listening as")) << listener->errors();
  return listener;
}

}  // namespace fairlead::integration
