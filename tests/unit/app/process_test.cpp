#include "app/process.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "kit/descriptor.hpp"

namespace fairlead::app {
namespace {

/// The service manager's side: a datagram socket.
class ServiceManager : public testing::Test {
 protected:
  void listen_on(const std::string& address) {
    sockaddr_un own{};
    own.sun_family = AF_UNIX;
    std::ranges::copy(address, own.sun_path);
    if (address[0] == '@') own.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    ASSERT_EQ(::bind(socket_.get(), static_cast<const sockaddr*>(static_cast<const void*>(&own)), size), 0);
  }
  std::string received() {
    std::string room(256, '\0');
    const ssize_t size = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
    room.resize(size > 0 ? static_cast<size_t>(size) : 0);
    return room;
  }

  kit::Descriptor socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

TEST_F(ServiceManager, HearsThroughASocketFile) {
  const std::string path = testing::TempDir() + "notify-" + std::to_string(::getpid());
  listen_on(path);

  const base::Status told = notify_service_manager(path, "READY=1");

  EXPECT_TRUE(told.has_value());
  EXPECT_EQ(received(), "READY=1");
  std::filesystem::remove(path);
}

TEST_F(ServiceManager, HearsThroughAnAbstractSocket) {
  const std::string address = "@fairlead-notify-" + std::to_string(::getpid());
  listen_on(address);

  ASSERT_TRUE(notify_service_manager(address, "STOPPING=1").has_value());

  EXPECT_EQ(received(), "STOPPING=1");
}

TEST(Notify, DoesNothingWithoutAnAddress) { EXPECT_TRUE(notify_service_manager("", "READY=1").has_value()); }

TEST(Notify, RefusesARelativePath) {
  EXPECT_EQ(notify_service_manager("notify", "READY=1").error().code, base::ErrorCode::failed);
}

TEST(Notify, RefusesAPathThatIsTooLong) {
  EXPECT_FALSE(notify_service_manager("/" + std::string(107, 'a'), "READY=1").has_value());
}

TEST(Notify, SaysWhenNobodyListens) {
  EXPECT_FALSE(notify_service_manager("/nonexistent/notify", "READY=1").has_value());
}

TEST(ProtectProcess, ForbidsCoreDumps) {
  protect_process();

  rlimit limit{};
  ::getrlimit(RLIMIT_CORE, &limit);
  EXPECT_EQ(limit.rlim_cur, 0u);
  EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 0);
}

}  // namespace
}  // namespace fairlead::app
