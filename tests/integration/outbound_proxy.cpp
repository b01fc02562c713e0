#include "integration/outbound_proxy.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "integration/relay.hpp"

namespace fairlead::integration {
namespace {

/// What squid needs to run from a folder of its own and in the foreground.
constexpr const char* kSquid =
    "pid_filename none\naccess_log none\ncache_log /dev/null\ncache deny all\ncache_store_log none\n"
    "netdb_filename none\npinger_enable off\nshutdown_lifetime 0 seconds\nvisible_hostname squid.test\n";

/// `openssl passwd` for squid's helper.
std::string hashed(const std::string& password) {
  const Finished done = RunningProcess({tool("openssl"), "passwd", "-apr1", "-stdin"},
                                       RunningProcess::Options{.input = password + "\n"})
                            .finish();
  FAIRLEAD_ASSERT(done.code == 0);
  return done.out;
}

std::string login_by(const std::string& scheme, const std::string& helper) {
  return "auth_param " + scheme + " program /usr/lib/squid/" + helper + "\nauth_param " + scheme +
         " children 1\nacl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all\n";
}

std::string rules_of(ProxyType type, const fs::path& passwords) {
  switch (type) {
    case ProxyType::squid_with_login:
      return login_by("basic", "basic_ncsa_auth " + passwords.string());
    case ProxyType::squid_with_digest:
      return "auth_param digest realm test\n" + login_by("digest", "digest_file_auth " + passwords.string());
    case ProxyType::squid_with_ntlm:
      return login_by("ntlm", "ntlm_fake_auth");
    case ProxyType::squid_that_denies:
      return "acl allowed port 1\nhttp_access allow allowed\nhttp_access deny all\n";
    default:
      return "http_access allow all\n";
  }
}

}  // namespace

OutboundProxy::OutboundProxy(ProxyType type) : type_(type) {
  write_files();
  start();
}

void OutboundProxy::write_files() const {
  fs::permissions(folder_.path(), fs::perms(0755));  // it runs as somebody else
  support::write_text(file("squid.conf"), "http_port 127.0.0.1:" + port_.number + "\ncoredump_dir " +
                                              folder_.path().string() + "\n" + kSquid +
                                              rules_of(type_, file("passwords")));
  if (type_ == ProxyType::squid_with_login)
    support::write_text(file("passwords"), std::string(kUser) + ":" + hashed(kPassword));
  if (type_ == ProxyType::squid_with_digest)
    support::write_text(file("passwords"), std::string(kUser) + ":" + kPassword + "\n");
  const bool asks = type_ == ProxyType::tinyproxy_with_login;
  support::write_text(file("tinyproxy.conf"),
                      "Port " + port_.number + "\nListen 127.0.0.1\nTimeout 600\nMaxClients 20\n" +
                          (asks ? std::string("BasicAuth ") + kUser + " " + kPassword + "\n" : ""));
}

Words OutboundProxy::command() const {
  switch (type_) {
    case ProxyType::tinyproxy:
    case ProxyType::tinyproxy_with_login:
      return {tool("tinyproxy"), "-d", "-c", file("tinyproxy.conf").string()};
    case ProxyType::microsocks:
      return {tool("microsocks"), "-i", "127.0.0.1", "-p", port_.number};
    case ProxyType::microsocks_with_login:
      return {tool("microsocks"), "-i", "127.0.0.1", "-p", port_.number, "-u", kUser, "-P", kPassword};
    default:
      return {tool("squid"), "-N", "-f", file("squid.conf").string()};
  }
}

void OutboundProxy::start() {
  Words words = command();
  const Words nobody{tool("setpriv"), "--reuid", "65534", "--regid", "65534", "--clear-groups"};
  if (::geteuid() == 0) words.insert(words.begin(), nobody.begin(), nobody.end());
  process_ = std::make_unique<RunningProcess>(words);
  for (int i = 0; i < 2000 && !connect_to(port_.number); ++i) ::poll(nullptr, 0, 10);
  EXPECT_TRUE(connect_to(port_.number)) << words.back() << " does not run: " << process_->finish({}).err;
}

std::string OutboundProxy::url() const {
  const bool is_socks = type_ == ProxyType::microsocks || type_ == ProxyType::microsocks_with_login;
  return (is_socks ? "socks5://127.0.0.1:" : "http://127.0.0.1:") + port_.number;
}

void put_secret(const fs::path& kit, const std::string& name, const std::string& content) {
  const fs::path folder = kit / "local" / "secrets";
  fs::create_directory(folder);
  fs::permissions(folder, fs::perms(0700));
  support::write_text(folder / name, content);
  fs::permissions(folder / name, fs::perms(0600));
}

}  // namespace fairlead::integration
