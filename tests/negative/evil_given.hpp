/// GivenEvil: a project whose site-1 speaks to the server over the evil transport and site-2 over tcp.
#pragma once
#include <gtest/gtest.h>

#include "support/given_project.hpp"
#include "support/hostile_client.hpp"
#include "support/live_client.hpp"

namespace fairlead::negative {

/// Options of the evil transport, one text for each side: "meddling: drop, frame: 2".
struct EvilProject {
  std::string security = "clear";
  std::string server_options{}, site_options{};
  std::string message_security = "auto";
};

class GivenEvil : public testing::Test {
 protected:
  /// Provisions the project. Its kits let the evil plugin into the process, as no shipped kit does.
  void given(const EvilProject& wanted);
  void start_server();
  /// site-1 over the evil transport.
  std::unique_ptr<support::LiveClient> start_site();
  /// The same as a client that is honest and driven frame by frame.
  std::unique_ptr<support::HostileClient> start_frames();
  /// `count` messages in a row to the handler that counts.
  static void send(support::HostileClient& client, int count);
  /// site-2 over tcp logs in and gets its answers.
  void expect_others_are_served();
  /// The server refused with this code and said so in its log, without a word of the payload.
  void expect_logged(base::Refusal code);
  /// Where a test puts what the evil side shall claim.
  std::string claim(const std::string& name) const { return (project_.folder() / name).string(); }
  /// Address of the server's listener with this scheme.
  std::string address(const std::string& scheme) const;

  support::GivenProject project_;
  std::optional<kit::Kit> site_1_;
  std::optional<support::LiveServer> server_;
};

}  // namespace fairlead::negative
